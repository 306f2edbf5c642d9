/**
 * JWTs by which clients authenticate: the checks that every such assertion has to pass.
 * @spec RFC 7521 §5.2
 * @spec RFC 7523 §3
 * @spec draft-ietf-oauth-rfc7523bis §4
 * @spec RFC 9700 §4.8
 */
import { sha256 } from '@tegata/core/crypto';
import { jwsAlgorithms } from '@tegata/core/jose/algorithms';
import type { JoseFault, JoseFaultCode } from '@tegata/core/jose/errors';
import type { PublicKey } from '@tegata/core/jose/jwk';
import { type ParsedJwt, type VerifiedJwt, verifyJwt } from '@tegata/core/jose/jwt';
import { fail, ok, type Result } from '@tegata/core/result';
import type { Instant } from '@tegata/core/time/clock';
import { hour, second } from '@tegata/core/time/duration';
import type { Client } from '../clients/client.ts';
import { type OAuthError, oauthError } from '../errors.ts';
import type { ClientAuthContext } from './method.ts';

/** Accepted `typ`: the one that clients should send, the one that most of them send, and none at all. */
const assertionTypes = ['client-authentication+jwt', 'JWT', undefined];
/** Assertions are made for one request; one that lives longer would have to be remembered as long. */
const longestLife = 1 * hour;
const longestJti = 512;
/** Algorithms for client assertions, for the metadata and the rule of `token_endpoint_auth_signing_alg`. */
export const assertionAlgorithms: readonly string[] = jwsAlgorithms.map((row) => row.name);

/** Faults that say nothing about the client's keys, because the signature has been verified by then. */
const tellable: ReadonlySet<JoseFaultCode> = new Set([
  'bad_claim',
  'expired',
  'not_yet_valid',
  'wrong_issuer',
  'wrong_type',
]);

/** Whether `assertion` is a fresh one of `client`, made for this server and never seen before. Error: `invalid_client`. */
export async function verifyAssertion(
  assertion: ParsedJwt,
  client: Client,
  context: ClientAuthContext,
  now: Instant,
): Promise<Result<void, OAuthError>> {
  const verified = await verifyWithClientKeys(assertion, client, context, now);
  if (!verified.ok) {
    return fail(oauthError('invalid_client', tellable.has(verified.error.code) ? verified.error.detail : undefined));
  }
  const { aud, exp, jti } = verified.value.claims;
  const audienceFault = checkAudience(aud, client, context);
  if (audienceFault !== undefined) return refuse(audienceFault);
  if (jti === undefined || jti === '' || jti.length > longestJti) return refuse('The assertion has no usable jti.');
  const expiresAt = (exp as number) * second;
  if (expiresAt - now > longestLife)
    return refuse('The assertion is valid for more than an hour; make a new one per request.');
  const digest = sha256(JSON.stringify([client.clientId, jti]));
  const fresh = await context.replay.firstSeen('client_assertion', digest, now, expiresAt + context.clockSkew);
  return fresh ? ok() : refuse('The assertion has been used before; make a new one, with its own jti, per request.');
}

function refuse(description: string): Result<never, OAuthError> {
  return fail(oauthError('invalid_client', description));
}

/** Exactly one audience, and that this server: an assertion that is good elsewhere too could be sent here by whoever is there. */
function checkAudience(
  aud: string | readonly string[] | undefined,
  client: Client,
  { issuer, tokenEndpoint }: ClientAuthContext,
): string | undefined {
  const audience = typeof aud === 'object' && aud.length === 1 ? aud[0] : aud;
  if (audience === issuer || (client.legacyAssertionAudience && audience === tokenEndpoint)) return undefined;
  return `The aud of the assertion has to be ${issuer} and nothing else.`;
}

async function verifyWithClientKeys(
  assertion: ParsedJwt,
  client: Client,
  { remoteJwks, clockSkew }: ClientAuthContext,
  now: Instant,
): Promise<Result<VerifiedJwt, JoseFault>> {
  const verify = (keys: readonly PublicKey[]): Result<VerifiedJwt, JoseFault> =>
    verifyJwt(assertion, {
      typ: assertionTypes,
      algorithms: client.assertionAlgorithm === undefined ? assertionAlgorithms : [client.assertionAlgorithm],
      keyFor: () => keys,
      issuer: client.clientId,
      audience: undefined,
      now,
      clockSkew,
      required: ['sub', 'aud', 'jti'],
    });

  if (client.jwksUri === undefined) return verify(client.keys);
  const known = await remoteJwks.keys(client.jwksUri, false);
  const first = known.ok ? verify(known.value) : undefined;
  const rotated =
    first?.ok === false && (first.error.code === 'key_not_found' || first.error.code === 'signature_invalid');
  if (first !== undefined && !rotated) return first;
  const fetched = await remoteJwks.keys(client.jwksUri, true);
  if (fetched.ok) return verify(fetched.value);
  return first ?? fail({ code: 'key_not_found', detail: fetched.error.detail });
}
