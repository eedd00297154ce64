export interface RolloutGateInputs {
  /** URI of the Docker Engine. */
  readonly dockerHost: string;
  /** The replicas whose turn comes before: their ids, by the names that a user knows them by. */
  readonly before: Record<string, string>;
  /** Seconds that each of them may take until it runs and, with a health check, is healthy. */
  readonly timeoutSeconds: number;
}
