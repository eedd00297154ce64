import { colorManipulator, type GrafanaTheme2 } from "@grafana/data";
import { readColors } from "./readColors";

/** What WCAG asks of text of ordinary size. */
const leastContrast = 4.5;
const shift = 0.1;

/** A colour of a dashboard for text on a panel: darker in the light theme, lighter in the dark one, until it can be read. */
export function readableColor(color: string, theme: GrafanaTheme2): string {
  const background = readColors(theme).background.primary;
  let readable = color;
  for (let amount = shift; amount < 1; amount += shift) {
    try {
      if (colorManipulator.getContrastRatio(readable, background) >= leastContrast) {
        return readable;
      }
      readable = theme.isDark
        ? colorManipulator.lighten(color, amount)
        : colorManipulator.darken(color, amount);
    } catch {
      // Names such as "transparent" have no contrast.
      return color;
    }
  }
  return readable;
}

/** Black or white, whichever can be read on a colour of a dashboard. */
export function textOn(background: string): string {
  try {
    const onWhite = colorManipulator.getContrastRatio("#ffffff", background);
    return onWhite >= leastContrast ? "#ffffff" : "#111217";
  } catch {
    return "inherit";
  }
}
