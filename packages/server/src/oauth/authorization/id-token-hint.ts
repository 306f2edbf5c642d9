/**
 * ID Tokens as hints: proof that we once told this client about this user, whether or not it has expired since.
 * @spec OpenID Connect Core 1.0 §3.1.2.1
 * @spec OpenID Connect RP-Initiated Logout 1.0 §2
 */
import { verifyJwt } from '@tegata/core/jose/jwt';
import type { Instant } from '@tegata/core/time/clock';
import { minute } from '@tegata/core/time/duration';
import type { KeyRing } from '../../ports/key-ring.ts';
import { idTokenType } from '../tokens/id-token.ts';

export interface IdTokenHint {
  readonly subject: string;
  /** Client that the token was issued to. */
  readonly clientId: string;
  readonly sid: string | undefined;
}

export interface HintRules {
  readonly issuer: string;
  readonly keyRing: Pick<KeyRing, 'verificationKey' | 'algorithms'>;
}

const longestToken = 4096;

/** Reads a hint; `undefined` when it is not an ID Token that one of our published keys signed. */
export function readIdTokenHint(text: string, { issuer, keyRing }: HintRules, now: Instant): IdTokenHint | undefined {
  if (text.length > longestToken) return undefined;
  const verified = verifyJwt(text, {
    typ: idTokenType,
    algorithms: keyRing.algorithms(),
    keyFor: ({ kid }) => (kid === undefined ? undefined : keyRing.verificationKey(kid)?.key),
    issuer,
    audience: undefined,
    now,
    clockSkew: minute,
    expiry: 'ignored',
    required: ['sub', 'aud'],
  });
  if (!verified.ok) return undefined;
  const { sub, aud, sid } = verified.value.claims;
  const clientId = typeof aud === 'string' ? aud : aud?.[0];
  if (sub === undefined || clientId === undefined) return undefined;
  return { subject: sub, clientId, sid: typeof sid === 'string' ? sid : undefined };
}
