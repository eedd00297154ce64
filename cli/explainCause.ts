const unreachable =
  /temporary failure in name resolution|could not resolve host|no such host|ENOTFOUND|EAI_AGAIN|network is unreachable|connection timed out|i\/o timeout|ETIMEDOUT|ECONNRESET/i;

/** Causes that hide in other programs' words, and what to do about them. */
const causes: readonly (readonly [RegExp, string])[] = [
  [
    /incorrect passphrase/i,
    "The stack's secrets were encrypted with another passphrase. It is taken from PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE where one of them is set, else from .glasshouse/passphrase: put the right one there (it belongs to the state, and to its backup) and run the command again.",
  ],
  [
    /no space left on device|ENOSPC|disk quota exceeded/i,
    "The disk is full. Free some space (`docker system df` and `df -h` show where it went) and run the command again; it continues where it stopped.",
  ],
  [
    /address already in use|port is already allocated|EADDRINUSE/i,
    "Another program has the port. `ss -ltnp` shows which; stop it or change `publishPort` in the stack file, and run the command again.",
  ],
  [
    unreachable,
    "A server could not be reached. Check the network (and the proxy's settings) and run the command again; it continues where it stopped.",
  ],
];

/** What `waitForContainers` quotes of a container: an app that does not find its database is no fault of the network. */
const quotes =
  /Its last health check ended with[^]*?(?=Its last log lines:|It wrote no log)|Its last log lines:(?:\n {4}.*)*/g;

/** What to do about a failure, if its cause can be told from the words of the program that failed. */
export function explainCause(words: string): string | undefined {
  const own = words.replaceAll(quotes, "");
  return causes.find(([pattern]) => pattern.test(pattern === unreachable ? own : words))?.[1];
}
