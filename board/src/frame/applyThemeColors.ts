import { colorManipulator, type GrafanaTheme2 } from "@grafana/data";
import { readColors } from "./readColors";

/** Hands Grafana's colours to board.css. */
export function applyThemeColors(theme: GrafanaTheme2): void {
  const colors = readColors(theme);
  // Paler in the light theme, where text on it would be hard to read.
  const faint = (color: string) => colorManipulator.alpha(color, theme.isDark ? 0.15 : 0.07);
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
    "success-back": faint(colors.success.main),
    "warning-back": faint(colors.warning.main),
    "error-back": faint(colors.error.main),
    "info-back": faint(colors.info.main),
  };
  const { style } = document.documentElement;
  for (const [name, value] of Object.entries(values)) {
    style.setProperty(`--${name}`, value);
  }
  style.setProperty("color-scheme", theme.isDark ? "dark" : "light");
}
