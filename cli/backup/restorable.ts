/** Data of a stack that are replaced as one. */
export interface Restorable {
  /** As a message calls it. */
  readonly title: string;
  /** Unpacks the new data beside those in use, which are not touched. */
  unpack(file: string, signal: AbortSignal): Promise<void>;
  /** Puts the new data in use, and waits until whoever uses them serves; the old ones are kept. */
  swap(signal: AbortSignal): Promise<void>;
  /** Puts the old data back in use, wherever a swap came to an end. */
  putBack(): Promise<void>;
  /** Removes the old data. */
  finish(): Promise<void>;
  close(): Promise<void>;
}
