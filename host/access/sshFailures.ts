interface SshFailure {
  readonly pattern: RegExp;
  /** What it means, and what to do; `HOST` and `LABEL` stand for the host's name with and without the user. */
  readonly sentence: string;
}

// OpenSSH's own words, which it does not translate.
const failures: readonly SshFailure[] = [
  {
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    sentence:
      'its host key is another one than in known_hosts. Find out why (a new installation, or someone in between); if it is right, remove the old one: "ssh-keygen -R HOST"',
  },
  {
    pattern: /Host key verification failed|No \S+ host key is known/,
    sentence:
      'its host key is not known. Connect once by hand ("ssh LABEL"), compare the key, and say yes',
  },
  {
    pattern: /Permission denied/,
    sentence:
      'it does not let this user in without a password. "ssh -o BatchMode=yes LABEL true" must work: put your public key there ("ssh-copy-id LABEL"), or load your key into the agent ("ssh-add")',
  },
  {
    pattern: /Could not resolve hostname/,
    sentence: "its name is not known. Correct host.uri, or add the name to your ssh config",
  },
  {
    pattern: /Connection refused/,
    sentence:
      "no ssh server answers there. Correct the name or the port in host.uri, or start the server",
  },
  {
    pattern: /timed out|No route to host|Network is unreachable/i,
    sentence:
      "it does not answer. Look whether it is up, and whether a firewall, a VPN or a jump host is in between",
  },
  {
    pattern:
      /Connection (to \S+ )?(reset|closed)|Broken pipe|kex_exchange_identification|not responding|Shared connection|mux/i,
    sentence: "the connection broke off. Run the command again: it goes on from there",
  },
];

/**
 * Whether a server turned a connection away before anything ran over it, as it does when many come at once (sshd's
 * MaxStartups): the same call may go through a moment later.
 */
export function isTurnedAway(stderr: string): boolean {
  return /kex_exchange_identification|^Connection (closed|reset) by \S+ port \d+/m.test(stderr);
}

/** A sentence for a failure of `ssh`: what it means and what to do, followed by its own last words. */
export function explainSshFailure(stderr: string, label: string, name: string): string {
  const said = stderr.trim();
  const last = said.split("\n").at(-1)?.trim() ?? "";
  const sentence = failures.find(({ pattern }) => pattern.test(said))?.sentence;
  const meaning = sentence?.replaceAll("LABEL", label).replaceAll("HOST", name);
  const words = last === "" ? "ssh said nothing" : `ssh: ${last.replace(/^ssh: |\.$/g, "")}`;
  return `${label} cannot be reached over ssh: ${meaning === undefined ? words : `${meaning} (${words})`}.`;
}

/** What keeps Docker from being used on a host that ssh does reach; `undefined` when it is the engine that is down. */
export function explainDockerFailure(stderr: string, label: string): string | undefined {
  if (/permission denied/i.test(stderr)) {
    return `This user may not use Docker on ${label}. Add the user to the group docker there ("sudo usermod -aG docker USER"), end the shared connection ("ssh -O exit"), or wait a minute, and run again.`;
  }
  if (/not found|No such file or directory/.test(stderr) && !/docker\.sock|daemon/.test(stderr)) {
    return `There is no docker command on ${label}. Install Docker Engine there (https://docs.docker.com/engine/install/), with its command line, and run again.`;
  }
  return undefined;
}
