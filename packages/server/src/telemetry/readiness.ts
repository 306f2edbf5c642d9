/** Whether the server can do its work now: for load balancers, which ask often and wait little. */
import type { Store } from '../ports/store.ts';
import type { Timer } from '../ports/timer.ts';

export interface ReadinessDeps {
  readonly store: Pick<Store, 'ping'>;
  readonly timer: Timer;
  /** Whether the server has begun to stop. */
  readonly stopping: () => boolean;
}

export interface Readiness {
  readonly ready: boolean;
  /** One sentence; names no internal detail. */
  readonly detail: string;
}

const longestWait = 2_000;

/** The check behind `/readyz`; always answers within two seconds. */
export function createReadiness({ store, timer, stopping }: ReadinessDeps): () => Promise<Readiness> {
  return async () => {
    if (stopping()) return { ready: false, detail: 'The server is stopping.' };
    const given = new AbortController();
    const answer = store.ping().then(
      (): Readiness => ({ ready: true, detail: 'ready' }),
      (): Readiness => ({ ready: false, detail: 'The store reports an error.' }),
    );
    const late = timer
      .sleep(longestWait, given.signal)
      .then((): Readiness => ({ ready: false, detail: 'The store does not answer.' }));
    const first = await Promise.race([answer, late]);
    given.abort();
    return first;
  };
}
