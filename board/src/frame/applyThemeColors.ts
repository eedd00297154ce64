import type { GrafanaTheme2 } from "@grafana/data";
import { readColors } from "./readColors";

/** Hands Grafana's colours to board.css. */
export function applyThemeColors(theme: GrafanaTheme2): void {
  const colors = readColors(theme);
  const values = {
    canvas: colors.background.canvas,
    primary: colors.background.primary,
    secondary: colors.background.secondary,
    elevated: colors.background.elevated,
    hover: colors.action.hover,
    text: colors.text.primary,
    "text-strong": colors.text.maxContrast,
    "text-secondary": colors.text.secondary,
    link: colors.text.link,
    "border-weak": colors.border.weak,
    "border-medium": colors.border.medium,
    focus: colors.primary.border,
    success: colors.success.text,
    warning: colors.warning.text,
    error: colors.error.text,
    "success-back": colors.success.transparent,
    "warning-back": colors.warning.transparent,
    "error-back": colors.error.transparent,
    "info-back": colors.info.transparent,
  };
  const { style } = document.documentElement;
  for (const [name, value] of Object.entries(values)) {
    style.setProperty(`--${name}`, value);
  }
  style.setProperty("color-scheme", theme.isDark ? "dark" : "light");
}
