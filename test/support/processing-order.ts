/** An ACME order that waits for its certificate. */
import { timeOrderedId } from '@tegata/core/id';
import type { Random } from '@tegata/core/random';
import type { Instant } from '@tegata/core/time/clock';
import { day } from '@tegata/core/time/duration';
import type { Store } from '@tegata/server/ports/store';

/** Stores an order in `processing` with its job; the ids are what an issuance request names. */
export async function storeProcessingOrder(
  store: Store,
  random: Random,
  now: Instant,
): Promise<{ readonly orderId: string; readonly jobId: string }> {
  const orderId = timeOrderedId(now, random);
  const jobId = timeOrderedId(now, random);
  await store.orders.create(
    {
      id: orderId,
      accountId: 'account',
      status: 'ready',
      identifiers: [],
      authorizations: [],
      profile: 'tls-server',
      expiresAt: now + 30 * day,
      createdAt: now,
    },
    [],
  );
  const job = { id: jobId, kind: 'issue', key: orderId, payload: { orderId }, notBefore: now } as const;
  const begun = await store.orders.beginProcessing(orderId, new Uint8Array(1), now, job);
  if (begun !== 'begun') throw new Error('the order could not begin');
  return { orderId, jobId };
}
