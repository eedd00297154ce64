/** Something that is not as it was deployed. */
export interface Finding {
  /** What it is about, by the name a user knows it by. */
  readonly subject: string;
  readonly problem: string;
  /** What to do: a command to paste, or a sentence. */
  readonly fix: string;
  /** The heaviest is shown first; see `weights`. */
  readonly weight: number;
}

/** One subject that was looked at, with what was found. */
export interface Row {
  readonly subject: string;
  /** Shown when all is well. */
  readonly detail: string;
  readonly findings: readonly Finding[];
}

/** Something worth knowing that is no fault. */
export interface Note {
  readonly subject: string;
  readonly text: string;
}

export interface Report {
  readonly stack: string;
  readonly rows: readonly Row[];
  readonly notes: readonly Note[];
}

/** Causes weigh more than their effects, so that the first finding is the one to start with. */
export const weights = {
  engine: 100,
  stack: 90,
  networkOrVolume: 80,
  node: 75,
  container: 70,
  membership: 60,
  drift: 50,
  files: 40,
  configuration: 35,
  target: 30,
  settings: 20,
  leftover: 10,
} as const;

/** All findings of a report, the heaviest first. */
export function listFindings({ rows }: Report): Finding[] {
  return rows.flatMap(({ findings }) => findings).sort((a, b) => b.weight - a.weight);
}
