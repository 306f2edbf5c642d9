/**
 * Makes the authorization code: a handle whose row says what was authorised, by whom and how.
 * @spec RFC 6749 §4.1.2
 * @spec RFC 9700 §2.1.1
 */
import { createHandle, digestHandle, formatHandle, timeOrderedId } from '@tegata/core/id';
import type { Random } from '@tegata/core/random';
import type { Instant } from '@tegata/core/time/clock';
import type { SessionRecord } from '../../ports/stores/sessions.ts';
import type { TokenStore } from '../../ports/stores/tokens.ts';
import type { Client } from '../clients/client.ts';
import { isLasting } from './decide.ts';
import type { AuthorizationRequest } from './request.ts';

export interface CodeTools {
  readonly tokens: TokenStore;
  readonly random: Random;
  /** Milliseconds until an unused code is dead; RFC 6749 recommends at most ten minutes, we use one. */
  readonly lifetime: number;
}

/** Stores a new code and returns it. */
export async function issueCode(
  request: AuthorizationRequest,
  client: Client,
  session: SessionRecord,
  { tokens, random, lifetime }: CodeTools,
  now: Instant,
): Promise<string> {
  const code = createHandle(now, random);
  const { redirectUri, codeChallenge, nonce, scopes, resources } = request;
  await tokens.putCode({
    handle: digestHandle(code),
    family: timeOrderedId(now, random),
    value: {
      clientId: client.clientId,
      subject: session.subject,
      scopes,
      resources,
      detail: {
        redirectUri,
        codeChallenge,
        ...(nonce === undefined ? {} : { nonce }),
        authTime: session.authTime,
        amr: session.amr,
        sid: session.id,
        offline: isLasting(client, scopes),
      },
    },
    createdAt: now,
    expiresAt: now + lifetime,
  });
  return formatHandle(code);
}
