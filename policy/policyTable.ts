import { rules } from "./rules";

/** The HTML comments that the table stands between in docs/policy.md. */
export const policyTableMarkers = {
  begin: "<!-- rules:begin -->",
  end: "<!-- rules:end -->",
} as const;

/** Every rule as a Markdown table. */
export function renderPolicyTable(): string {
  return [
    // Prettier would pad every cell of a column to the longest.
    "<!-- prettier-ignore-start -->",
    "",
    "| rule | a stack … | why | how to keep it |",
    "| --- | --- | --- | --- |",
    ...rules.map(({ name, demand, why, fix }) => `| \`${name}\` | ${demand} | ${why} | ${fix} |`),
    "",
    "<!-- prettier-ignore-end -->",
  ].join("\n");
}
