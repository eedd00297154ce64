import { reportAnswer, reportAway } from "./connection";

/** Prometheus answered, and refused: its own words are the message. */
export class PrometheusError extends Error {}

/** Nothing answered, or something that is not Prometheus. */
export class PrometheusAwayError extends Error {
  constructor() {
    super("Prometheus does not answer.");
  }
}

export type Labels = Readonly<Record<string, string>>;

/** Seconds since 1970 and the value as text, which JSON's numbers could not hold: `NaN`, `+Inf`. */
export type Sample = readonly [number, string];

export interface Series {
  readonly metric: Labels;
  /** Of a range query. */
  readonly values?: readonly Sample[];
  /** Of an instant query. */
  readonly value?: Sample;
}

export type QueryResult =
  | { readonly resultType: "vector" | "matrix"; readonly result: readonly Series[] }
  | { readonly resultType: "scalar" | "string"; readonly result: Sample };

const timeoutMilliseconds = 60_000;

type Parameters = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** @throws {PrometheusError} with Prometheus' reason. @throws {PrometheusAwayError} */
export async function readApi<T>(
  path: string,
  parameters: Parameters = {},
  signal?: AbortSignal,
): Promise<T> {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const item of value === undefined ? [] : [value].flat()) {
      search.append(name, String(item));
    }
  }
  const query = search.size === 0 ? "" : `?${search}`;
  const timeout = AbortSignal.timeout(timeoutMilliseconds);
  let response: Response;
  try {
    response = await fetch(`/prometheus/api/v1/${path}${query}`, {
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
  } catch (error) {
    if (signal?.aborted !== true) {
      reportAway();
      throw new PrometheusAwayError();
    }
    throw error;
  }
  const answer = await readAnswer<T>(response);
  if (answer === undefined) {
    if (response.status < 500) {
      throw new PrometheusError(`The web server refused the request: ${response.status}.`);
    }
    reportAway();
    throw new PrometheusAwayError();
  }
  reportAnswer();
  if (answer.status !== "success" || answer.data === undefined) {
    throw new PrometheusError(answer.error ?? `Prometheus answered ${response.status}.`);
  }
  return answer.data;
}

interface Answer<T> {
  readonly status: "success" | "error";
  readonly data?: T;
  readonly error?: string;
}

async function readAnswer<T>(response: Response): Promise<Answer<T> | undefined> {
  try {
    const answer = (await response.json()) as Partial<Answer<T>> | null;
    return answer?.status === undefined ? undefined : (answer as Answer<T>);
  } catch {
    return undefined;
  }
}

export function readInstant(
  query: string,
  timeSeconds: number,
  signal?: AbortSignal,
): Promise<QueryResult> {
  return readApi("query", { query, time: timeSeconds }, signal);
}

export function readRange(
  query: string,
  { start, end, step }: { start: number; end: number; step: number },
  signal?: AbortSignal,
): Promise<QueryResult> {
  return readApi("query_range", { query, start, end, step }, signal);
}

/** The series of any kind of answer: a scalar is a series without labels. */
export function listSeries(result: QueryResult): readonly Series[] {
  if (result.resultType === "scalar" || result.resultType === "string") {
    return [{ metric: {}, value: result.result as Sample }];
  }
  return result.result as readonly Series[];
}

/** A value that can be drawn: what is not a number is a gap. */
export function readValue(text: string): number | null {
  const value = text === "+Inf" ? Infinity : text === "-Inf" ? -Infinity : Number(text);
  return Number.isNaN(value) ? null : value;
}
