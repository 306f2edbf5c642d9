/** Tokens for tests: good ones, forged ones, and the rules that tell them apart. */
import assert from 'node:assert/strict';
import type { JsonObject } from '@tegata/core/codec/json';
import { signNow } from '@tegata/core/crypto';
import { findJwsAlgorithm } from '@tegata/core/jose/algorithms';
import { type PublicKey, parsePublicJwk } from '@tegata/core/jose/jwk';
import { type JwtRules, signJwt, verifyJwt } from '@tegata/core/jose/jwt';
import { createLocalSigner } from '@tegata/core/jose/local-signer';
import { unwrap } from '@tegata/core/result';
import { testKey } from './jose-keys.ts';

export const now = Date.UTC(2026, 0, 1);
export const seconds = now / 1000;
export const ec = testKey('P-256');
export const rsa = testKey('RSA');
/** The key of somebody else. */
export const attacker = testKey('P-521');
const signer = createLocalSigner('k1', 'ES256', ec.privateKey);
export const claims = {
  iss: 'https://as.example',
  sub: 'usr_1',
  aud: 'https://api.example',
  iat: seconds,
  exp: seconds + 300,
};
/** Rules that `sign()` meets. */
export const rules: JwtRules = {
  typ: 'at+jwt',
  algorithms: ['ES256', 'RS256'],
  keyFor: () => ec.key,
  issuer: claims.iss,
  audience: claims.aud,
  now,
};

/** An access token, or another kind. */
export function sign(content: JsonObject | string = claims, typ = 'at+jwt'): string {
  return signJwt({ typ }, content, signer) as string;
}

/** A token with any header and payload, signed with the given key and algorithm. */
export function forge(
  header: JsonObject | string,
  payload: JsonObject | string | Uint8Array = claims,
  algorithm = 'ES256',
  key = ec.privateKey,
): string {
  const row = findJwsAlgorithm(algorithm);
  assert.ok(row);
  const segment = (part: JsonObject | string | Uint8Array): string =>
    Buffer.from(typeof part === 'string' || part instanceof Uint8Array ? part : JSON.stringify(part)).toString(
      'base64url',
    );
  const signingInput = `${segment(header)}.${segment(payload)}`;
  return `${signingInput}.${Buffer.from(signNow(row, key, Buffer.from(signingInput))).toString('base64url')}`;
}

/** What verifyJwt finds wrong; `undefined` when nothing. */
export function faultOf(token: string, changed: Partial<JwtRules> = {}): string | undefined {
  const verified = verifyJwt(token, { ...rules, ...changed });
  return verified.ok ? undefined : verified.error.code;
}

/** The right key with members added. */
export function marked(members: JsonObject): PublicKey {
  return unwrap(parsePublicJwk({ ...ec.jwk, ...members }));
}
