/** What Docker Compose calls things that are done otherwise here, each with what replaces it in an app. */
const composeWords: Readonly<Record<string, string>> = {
  build_args: "write `build: { context: <folder>, args: { NAME: value } }`",
  cap_drop: "leave it out: all are dropped, and `capabilities` keeps some",
  container_name:
    "leave it out: containers are called `<project>-<stack>-<app>-<n>`, and `alias` is their name on the network",
  configs: "write `files: [{ path: <inside>, source: <file> }]`",
  depends_on: "write `after: [<app>]`: it waits until that app serves",
  devices: "leave it out: no device of the host is handed to a container",
  deploy: "write `replicas`, `memoryMb` and `cpus`",
  env_file: "write the variables into `environment`, and passwords into `secrets`",
  expose: "write `port`; on the network every port is open",
  extra_hosts: "write `hosts: { <name>: <address> }`",
  hostname: "leave it out; `alias` is the name on the network",
  links: "leave it out: apps reach each other by their names",
  logging: "leave it out: three logs of 10 MB are kept for each container",
  mem_limit: "write `memoryMb: <MiB>`",
  network_mode: "leave it out: all apps share the stack's network; `networks` joins others",
  ports: "write `port: <inside>` and `publishPort: <on the host>`; more of them go into `publish`",
  privileged: "leave it out; `capabilities` keeps single ones",
  pull_policy: "leave it out: an image is pulled where the engine does not hold it",
  restart: "leave it out: every container is started again when it ends, and with the engine",
  scale: "write `replicas: <number>`",
  security_opt: "leave it out: `no-new-privileges` is set for all",
  shm_size: "write `sharedMemoryMb: <MiB>`",
  stop_grace_period: "write `stopGraceSeconds: <seconds>`",
  sysctls: "leave it out: there is no setting for it",
  tmpfs:
    "write `writablePaths: [<folder>]`, or `volumes: [{ path: <folder>, temporary: true }]` for what is large",
  tty: "leave it out: there is no terminal",
};

const byWord = new Map(Object.entries(composeWords).map(([word, hint]) => [normalize(word), hint]));

/** What replaces a word of Docker Compose in an app's settings; `undefined` for any other. */
export function findComposeHint(key: string): string | undefined {
  return byWord.get(normalize(key));
}

function normalize(word: string): string {
  return word.toLowerCase().replace(/[^a-z]/g, "");
}
