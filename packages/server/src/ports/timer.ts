/** Waiting as a value that is passed in, so that tests need not wait. */

export interface Timer {
  /** Resolves after this many milliseconds, or as soon as `signal` is aborted; never rejects. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}
