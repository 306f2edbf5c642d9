/** What the conformance suites run on: a way to make empty databases of one engine. */
import type { Store } from '../../ports/store.ts';

/** Two open stores over the same data, as two nodes have them. */
export interface Nodes {
  readonly store: Store;
  /** The same object as `store` where an engine lives in one process only. */
  readonly other: Store;
  close(): Promise<void>;
}

export interface Subject {
  /** An empty database with the current schema. */
  open(): Promise<Nodes>;
}
