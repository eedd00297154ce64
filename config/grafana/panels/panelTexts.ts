/** What every panel says of itself. */
export interface PanelTexts {
  readonly title: string;
  /** What the panel tells, in a sentence or two. */
  readonly description: string;
  /** Grafana's id of the unit, such as `reqps`. */
  readonly unit: string;
}
