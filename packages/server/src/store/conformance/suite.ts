/** What a conformance suite is: cases over two open stores, run on an empty database of each engine. */
import { after, before, describe, it } from 'node:test';
import type { Store } from '../../ports/store.ts';

/** Two stores over the same data, as two nodes have them. */
export interface Nodes {
  readonly store: Store;
  /** The same object as `store` where an engine lives in one process only. */
  readonly other: Store;
}

export interface Suite<Context = Nodes> {
  readonly title: string;
  /** By what they prove; those of one suite share a database and run in order. */
  readonly cases: Readonly<Record<string, (context: Context) => Promise<void>>>;
}

/** Makes the context of a suite, with everything in it empty. */
export type Open<Context> = () => Promise<Context & { close(): Promise<void> }>;

/** To be called inside a `describe` of the engine's own. */
export function runSuite<Context>(suite: Suite<Context>, open: Open<Context>): void {
  describe(suite.title, () => {
    let opened: Context & { close(): Promise<void> };
    before(async () => {
      opened = await open();
    });
    after(() => opened.close());
    for (const [name, prove] of Object.entries(suite.cases)) it(name, () => prove(opened));
  });
}
