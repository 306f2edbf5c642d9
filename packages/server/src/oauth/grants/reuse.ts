/**
 * A code or refresh token came a second time: somebody has a copy, so everything that descends from it ends.
 * @spec RFC 6749 §4.1.2
 * @spec RFC 9700 §4.14.2
 */
import type { Instant } from '@tegata/core/time/clock';
import type { FamilyId } from '../../ports/stores/tokens.ts';
import type { Client } from '../clients/client.ts';
import { longestAccessToken } from '../lifetimes.ts';
import type { GrantContext } from './grant.ts';

/** Makes this node refuse the family's JWTs at once (the store has revoked it already), and tells the operator. */
export function endFamily(
  kind: 'code' | 'refresh_token',
  family: FamilyId,
  client: Client,
  requestId: string,
  now: Instant,
  { revocations, audit }: GrantContext,
): void {
  revocations.add({ kind: 'family', value: family, revokedAt: now, expiresAt: now + longestAccessToken });
  audit.record({ at: now, event: 'token.reuse_detected', requestId, client: client.clientId, detail: { kind } });
}
