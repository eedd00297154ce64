// What other tools and people call a thing. Spelling does not find these.
const namesElsewhere: Readonly<Record<string, string>> = {
  capadd: "capabilities",
  containername: "name",
  count: "replicas",
  expose: "port",
  instances: "replicas",
  memlimit: "memoryMb",
  pidslimit: "pids",
  ports: "publishPort",
  scale: "replicas",
  severity: "severities",
  shmsize: "sharedMemoryMb",
  stopgraceperiod: "stopGraceSeconds",
  teams: "msteams",
  tmpfs: "writablePaths",
};

/** The known name that was most likely meant, by spelling or by what other tools call it; `undefined` if none is near. */
export function findNearestName(given: string, known: readonly string[]): string | undefined {
  const wanted = normalize(given);
  const elsewhere = namesElsewhere[wanted];
  if (elsewhere !== undefined && known.includes(elsewhere)) return elsewhere;
  const candidates = known.map((name) => ({ name, distance: measure(wanted, normalize(name)) }));
  candidates.sort((a, b) => a.distance - b.distance);
  const nearest = candidates[0];
  return nearest !== undefined && nearest.distance <= Math.max(1, Math.floor(wanted.length / 3))
    ? nearest.name
    : undefined;
}

function normalize(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

function measure(a: string, b: string): number {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  // A beginning such as `env` or `publish` is as good as one wrong letter.
  return short.length >= 3 && long.startsWith(short) ? 1 : editDistance(a, b);
}

/** The number of letters to insert, remove or replace (Levenshtein). */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const removed = (previous[column] ?? 0) + 1;
      const inserted = (current[column - 1] ?? 0) + 1;
      current.push(Math.min(replaced, removed, inserted));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
