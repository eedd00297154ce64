import { useEffect, useRef, useState } from "react";
import { changeAddress, currentAddress, useAddress } from "../address/useAddress";
import { allValue, type Variable } from "../dashboard/variables";

function choose(name: string, selected: readonly string[]): void {
  const { variables } = currentAddress();
  changeAddress({ variables: { ...variables, [name]: selected } });
}

/** What was chosen last: the address has it at once, the variable only when Prometheus has answered. */
function useSelected({ name, selected }: Variable): readonly string[] {
  return useAddress().variables[name] ?? selected;
}

export function VariablePicker({ variable }: { readonly variable: Variable }) {
  const { name, label, type, isMulti, options } = variable;
  const selected = useSelected(variable);
  if (type === "textbox") {
    return (
      <label className="select">
        <span className="select-label">{label}</span>
        <input
          type="text"
          defaultValue={selected[0] ?? ""}
          onBlur={(event) => choose(name, [event.target.value])}
          onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
        />
      </label>
    );
  }
  if (isMulti) {
    return <MultiPicker variable={variable} />;
  }
  return (
    <label className="select">
      <span className="select-label">{label}</span>
      <select value={selected[0] ?? ""} onChange={(event) => choose(name, [event.target.value])}>
        {options.length === 0 && <option value="">None found</option>}
        {options.map(({ text, value }) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Boxes in a list that opens: several values at a time, by mouse, finger or keyboard. */
function MultiPicker({ variable }: { readonly variable: Variable }) {
  const { name, label, options } = variable;
  const selected = useSelected(variable);
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (!isOpen) {
      return;
    }
    const closeOutside = (event: Event) => {
      const isKey = event instanceof KeyboardEvent;
      if (isKey ? event.key === "Escape" : !root.current?.contains(event.target as Node)) {
        setOpen(false);
      }
    };
    document.addEventListener("pointerdown", closeOutside);
    document.addEventListener("keydown", closeOutside);
    return () => {
      document.removeEventListener("pointerdown", closeOutside);
      document.removeEventListener("keydown", closeOutside);
    };
  }, [isOpen]);
  const change = (value: string, isOn: boolean) => {
    const others = selected.filter((other) => other !== value && other !== allValue);
    const next = value === allValue ? [allValue] : isOn ? [...others, value] : others;
    if (next.length > 0) {
      choose(name, next);
    }
  };
  const texts = options.filter(({ value }) => selected.includes(value)).map(({ text }) => text);
  return (
    <details
      ref={root}
      className="multi"
      open={isOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="select">
        <span className="select-label">{label}</span>
        <span className="multi-value">{texts.join(", ") || "None found"}</span>
      </summary>
      <fieldset className="multi-options">
        <legend className="hidden">{label}</legend>
        {options.map(({ text, value }) => (
          <label key={value}>
            <input
              type="checkbox"
              checked={selected.includes(value)}
              onChange={(event) => change(value, event.target.checked)}
            />
            {text}
          </label>
        ))}
      </fieldset>
    </details>
  );
}
