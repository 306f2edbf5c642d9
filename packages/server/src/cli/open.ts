/** Opens the store that commands work on, beside a running server or without one. */
import { existsSync } from 'node:fs';
import type { Result } from '@tegata/core/result';
import type { Config } from '../config/config.ts';
import type { Store } from '../ports/store.ts';
import { openStore } from '../store/open-store.ts';
import { type CliFault, type CommandContext, failure, type Output } from './command.ts';

/** Does `work` with the store of the configuration and closes it. There must have been a server before: it makes the store. */
export async function withStore(
  { loadConfig }: CommandContext,
  work: (store: Store, config: Config) => Promise<Result<Output, CliFault>>,
): Promise<Result<Output, CliFault>> {
  const config = loadConfig();
  if (!config.ok) return config;
  const { store: location } = config.value;
  if (location.engine === 'sqlite' && !existsSync(location.path)) {
    return failure(
      `There is no database at ${location.path}. Start the server once (tegata serve), or name its folder with --data.`,
    );
  }
  const opened = await openStore(location.engine === 'sqlite' ? `sqlite:${location.path}` : location.url.reveal());
  if (!opened.ok) return failure(`${opened.error.message} ${opened.error.remedy}`);
  try {
    return await work(opened.value, config.value);
  } finally {
    await opened.value.close();
  }
}

/** Reads every page of a list. */
export async function* allPages<T>(
  list: (page: {
    readonly after?: string;
    readonly limit: number;
  }) => Promise<{ readonly items: readonly T[]; readonly cursor?: string }>,
): AsyncIterable<T> {
  let after: string | undefined;
  do {
    const page = await list({ limit: 500, ...(after === undefined ? {} : { after }) });
    yield* page.items;
    after = page.cursor;
  } while (after !== undefined);
}
