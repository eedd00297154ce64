import { type RefObject, useEffect } from "react";

/**
 * Makes buttons of `@grafana/ui` go by the text that is seen on them: it calls each button of a legend "All series
 * selected", and the refresh interval by a sentence without its text. Speech control finds a button by what is seen.
 */
export function useButtonNames(root: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (root.current === null) {
      return;
    }
    const rename = () => {
      for (const button of root.current?.querySelectorAll("button[aria-label]") ?? []) {
        const text = button.textContent.trim();
        const name = button.getAttribute("aria-label") ?? "";
        if (text !== "" && !name.includes(text)) {
          button.setAttribute("aria-label", `${text}, ${name}`);
        }
      }
    };
    rename();
    const observer = new MutationObserver(rename);
    observer.observe(root.current, {
      subtree: true,
      childList: true,
      attributeFilter: ["aria-label"],
    });
    return () => observer.disconnect();
  }, [root]);
}
