export type Facts = Readonly<Record<string, string | number | boolean>>;

const moment = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** What Prometheus' API says of itself, for people: `startTime` is `Start time`, and what is empty is left out. */
export function renderFacts(facts: Facts): Facts {
  return Object.fromEntries(
    Object.entries(facts)
      .filter(([, value]) => value !== "")
      .map(([name, value]) => [renderName(name), renderValue(value)]),
  );
}

function renderName(name: string): string {
  // Variables of the environment stay as they are set.
  if (name === name.toUpperCase()) {
    return name;
  }
  const words = name.replace(/[A-Z]+/g, (capital) => ` ${capital.toLowerCase()}`).trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function renderValue(value: string | number | boolean): string {
  if (typeof value === "boolean") {
    return value ? "yes" : "no";
  }
  return moment.test(String(value)) ? new Date(value as string).toLocaleString() : String(value);
}
