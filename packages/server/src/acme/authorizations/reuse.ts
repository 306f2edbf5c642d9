/**
 * Which authorizations a new order can take over: valid ones that live long enough. Pending ones are not shared, so that one
 * order's failure is not another's.
 * @spec RFC 8555 §7.1.3
 * @spec RFC 8555 §7.4
 */
import type { AuthorizationRecord } from '../../ports/stores/orders.ts';

export interface NeededAuthorization {
  readonly type: string;
  readonly value: string;
  readonly wildcard: boolean;
}

/** The usable one that lives longest for what is needed; `undefined` when there is none. */
export function chooseReusable(
  needed: NeededAuthorization,
  candidates: readonly AuthorizationRecord[],
): AuthorizationRecord | undefined {
  let best: AuthorizationRecord | undefined;
  for (const candidate of candidates) {
    const fits =
      candidate.status === 'valid' &&
      candidate.wildcard === needed.wildcard &&
      candidate.identifier.type === needed.type &&
      candidate.identifier.value === needed.value;
    if (fits && (best === undefined || candidate.expiresAt > best.expiresAt)) best = candidate;
  }
  return best;
}
