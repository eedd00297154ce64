export interface PrometheusReloadInputs {
  /** URI of the Docker Engine. */
  readonly dockerHost: string;
  /** Id of Prometheus' container. */
  readonly container: string;
  /** The scrape config that Prometheus has to run, as text. */
  readonly config: string;
  /** The rule file that Prometheus has to run, as text. */
  readonly rules: string;
  /** Changes whenever one of Prometheus' files was written. */
  readonly revision: string;
}
