/** Counters and histograms as the domain sees them: plain functions, no labels made from user input. */

export interface Metrics {
  /** Adds one to the counter `tegata_<name>_total` with these labels. */
  count(name: string, labels?: Readonly<Record<string, string>>): void;
  /** Adds a measurement in seconds to the histogram `tegata_<name>_seconds`. */
  observe(name: string, seconds: number, labels?: Readonly<Record<string, string>>): void;
}
