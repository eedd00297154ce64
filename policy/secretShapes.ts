const secretWord = /^(password|passwd|pwd|passphrase|secret|token|credentials?|apikey)$/;
const secretKeyWord = /^(api|private|secret|access|auth|encryption|signing|license)$/;

/**
 * Whether a variable, an option or a field of that name holds a secret itself. The last word decides: `DB_PASSWORD` does,
 * `PASSWORD_FILE`, `TOKEN_URL` and `MAX_TOKENS` do not.
 */
export function isSecretName(name: string): boolean {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== "");
  const last = words.at(-1) ?? "";
  const beforeLast = words.at(-2) ?? "";
  return secretWord.test(last) || (last === "key" && secretKeyWord.test(beforeLast));
}

/** Whether a value says nothing by itself: empty, a switch, a reference to something else, or the path of a file. */
export function isHarmlessValue(value: string): boolean {
  return (
    /^["']?(|true|false|none|null)["']?$/i.test(value) ||
    /^["']?\$/.test(value) ||
    /^["']?\{\{/.test(value) ||
    /^\/[\w.-]+(\/[\w.-]+)+$/.test(value)
  );
}

/** Formats that their makers publish so that leaks can be found, and texts that can be nothing else. */
const shapes: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ["an AWS access key", /\b(AKIA|ASIA)[0-9A-Z]{16}\b/],
  ["a GitHub token", /\b(gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{60,})/],
  ["a GitLab token", /\bglpat-[\w-]{20}/],
  ["a Slack token", /\bxox[abprs]-[\w-]{10,}/],
  ["a Google API key", /\bAIza[\w-]{35}/],
  ["a Stripe key", /\b[rs]k_live_[A-Za-z0-9]{16,}/],
  ["a Grafana token", /\bgls?[ac]_[A-Za-z0-9]{20,}/],
  ["an npm token", /\bnpm_[A-Za-z0-9]{36}\b/],
  ["a Pulumi token", /\bpul-[0-9a-f]{40}\b/],
  ["a signed token (JWT)", /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/],
  ["a URL with a password", /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s/:@${}]+@/i],
];

/** What secret a text holds by its form; `undefined` if none. */
export function findSecretShape(text: string): string | undefined {
  return shapes.find(([, pattern]) => pattern.test(text))?.[0];
}
