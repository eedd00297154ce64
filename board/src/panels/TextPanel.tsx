import { renderTextPanelMarkdown, textUtil } from "@grafana/data";
import { useMemo } from "react";
import { interpolateText } from "../dashboard/interpolate";
import type { PanelProps } from "./panelProps";

interface TextOptions {
  readonly mode?: "markdown" | "html" | "code";
  readonly content?: string;
}

export default function TextPanel({ panel, values, width, height }: PanelProps) {
  const { mode = "markdown", content = "" } = (panel.options ?? {}) as TextOptions;
  const text = interpolateText(content, values);
  const html = useMemo(
    () =>
      mode === "markdown" ? renderTextPanelMarkdown(text) : textUtil.sanitizeTextPanelContent(text),
    [mode, text],
  );
  return mode === "code" ? (
    <pre className="scrolled" style={{ width, height }}>
      {text}
    </pre>
  ) : (
    // Both ways to make it have taken out what could run.
    <div
      className="scrolled markdown-html"
      style={{ width, height }}
      dangerouslySetInnerHTML={{ __html: html }}
    />
  );
}
