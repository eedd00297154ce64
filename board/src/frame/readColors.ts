import type { GrafanaTheme2 } from "@grafana/data";

type Complete<T> = T extends (...args: never[]) => unknown
  ? T
  : T extends object
    ? { readonly [K in keyof T]-?: Complete<NonNullable<T[K]>> }
    : NonNullable<T>;

/** A theme's colours: `createTheme` fills all of them in, though the types of 13.2 call them optional. */
export function readColors({ colors }: GrafanaTheme2): Complete<GrafanaTheme2["colors"]> {
  return colors as Complete<GrafanaTheme2["colors"]>;
}
