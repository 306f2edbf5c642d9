/** Finds orders that were left in processing without a job, and gives them one: no order stays there for ever. */
import { timeOrderedId } from '@tegata/core/id';
import type { Random } from '@tegata/core/random';
import type { Clock } from '@tegata/core/time/clock';
import type { Store } from '../../ports/store.ts';
import { issueJobPayload } from './payloads.ts';

export interface SweepDeps {
  readonly store: Pick<Store, 'orders' | 'jobs'>;
  readonly clock: Clock;
  readonly random: Random;
}

const batch = 100;

/** One pass; how many orders it put back to work. To be run at start and now and then. */
export async function sweepStrandedOrders({ store, clock, random }: SweepDeps): Promise<number> {
  const stranded = await store.orders.findStranded(batch);
  for (const orderId of stranded) {
    const now = clock.now();
    const id = timeOrderedId(now, random);
    await store.jobs.add({ id, kind: 'issue', key: orderId, payload: issueJobPayload({ orderId }), notBefore: now });
  }
  return stranded.length;
}
