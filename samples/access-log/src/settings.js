/**
 * Reads the settings from the environment.
 *
 * @throws {Error} naming every setting that breaks its rule.
 */
export function readSettings(environment) {
  const problems = [];

  function readWholeNumber(name, { otherwise, min, max }) {
    const text = environment[name] || String(otherwise);
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      problems.push(`${name} must be a whole number from ${min} to ${max}, got "${text}"`);
    }
    return value;
  }

  const settings = {
    port: readWholeNumber("PORT", { otherwise: 80, min: 1, max: 65_535 }),
    clientWindowSeconds: readWholeNumber("CLIENT_WINDOW_SECONDS", {
      otherwise: 300,
      min: 1,
      max: 86_400,
    }),
    maxClients: readWholeNumber("MAX_CLIENTS", { otherwise: 10_000, min: 1, max: 1_000_000 }),
  };
  if (problems.length > 0) {
    throw new Error(problems.join("\n"));
  }
  return settings;
}
