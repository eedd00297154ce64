import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  syntaxHighlighting,
} from "@codemirror/language";
import { lintKeymap } from "@codemirror/lint";
import { Compartment, EditorState, Prec } from "@codemirror/state";
import { EditorView, keymap, placeholder } from "@codemirror/view";
import { useTheme2 } from "@grafana/ui";
import type { GrafanaTheme2 } from "@grafana/data";
import { tags } from "@lezer/highlight";
import { PromQLExtension } from "@prometheus-io/codemirror-promql";
import { useEffect, useRef } from "react";
import { readColors } from "../frame/readColors";

interface PromqlEditorProps {
  readonly value: string;
  readonly label: string;
  readonly onChange: (text: string) => void;
  readonly onRun: (text: string) => void;
}

/** Prometheus' own editor: highlights, completes from what Prometheus holds, and marks mistakes. */
export function PromqlEditor({ value, label, onChange, onRun }: PromqlEditorProps) {
  const theme = useTheme2();
  const root = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const look = useRef(new Compartment());
  const handlers = useRef({ onChange, onRun });
  handlers.current = { onChange, onRun };
  useEffect(() => {
    if (root.current === null) {
      return;
    }
    const run = (editor: EditorView) => {
      handlers.current.onRun(editor.state.doc.toString());
      return true;
    };
    // The web server passes on GET only.
    const promql = new PromQLExtension().setComplete({
      remote: { url: "/prometheus", httpMethod: "GET" },
    });
    const editor = new EditorView({
      parent: root.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          history(),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          autocompletion(),
          Prec.highest(
            keymap.of([
              { key: "Shift-Enter", run },
              { key: "Mod-Enter", run },
            ]),
          ),
          keymap.of([
            ...closeBracketsKeymap,
            ...defaultKeymap,
            ...historyKeymap,
            ...completionKeymap,
            ...lintKeymap,
          ]),
          placeholder("A PromQL query, such as rate(http_requests_total[5m])"),
          promql.asExtension(),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-label": label }),
          look.current.of(editorLook(theme)),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) {
              handlers.current.onChange(update.state.doc.toString());
            }
          }),
        ],
      }),
    });
    view.current = editor;
    return () => {
      editor.destroy();
      promql.destroy();
    };
  }, []);
  useEffect(() => {
    const editor = view.current;
    if (editor !== undefined && editor.state.doc.toString() !== value) {
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
    }
  }, [value]);
  useEffect(() => {
    view.current?.dispatch({ effects: look.current.reconfigure(editorLook(theme)) });
  }, [theme]);
  return <div className="editor" ref={root} />;
}

function editorLook(theme: GrafanaTheme2) {
  const { visualization, typography, isDark } = theme;
  const colors = readColors(theme);
  const color = (name: string) => visualization.getColorByName(name);
  const shade = isDark ? "light" : "dark";
  return [
    EditorView.theme(
      {
        "&": { background: colors.background.canvas, color: colors.text.primary },
        ".cm-content": {
          fontFamily: typography.fontFamilyMonospace,
          caretColor: colors.text.primary,
        },
        ".cm-cursor": { borderLeftColor: colors.text.primary },
        ".cm-tooltip": {
          background: colors.background.elevated,
          border: `1px solid ${colors.border.medium}`,
        },
        ".cm-tooltip-autocomplete ul li[aria-selected]": {
          background: colors.primary.main,
          color: colors.primary.contrastText,
        },
        ".cm-placeholder": { color: colors.text.secondary },
      },
      { dark: isDark },
    ),
    syntaxHighlighting(
      HighlightStyle.define([
        {
          tag: [tags.keyword, tags.modifier, tags.operatorKeyword],
          color: color(`${shade}-purple`),
        },
        { tag: tags.function(tags.variableName), color: color(`${shade}-blue`) },
        { tag: [tags.string, tags.special(tags.string)], color: color(`${shade}-green`) },
        { tag: [tags.number, tags.literal], color: color(`${shade}-orange`) },
        { tag: tags.labelName, color: color(`${shade}-yellow`) },
        { tag: tags.comment, color: colors.text.secondary, fontStyle: "italic" },
        { tag: tags.invalid, color: colors.error.text },
      ]),
    ),
  ];
}
