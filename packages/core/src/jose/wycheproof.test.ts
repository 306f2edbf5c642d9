import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { describe, it } from 'node:test';
import { requireVectors } from '../../../../test/support/vectors.ts';
import type { JsonObject, JsonValue } from '../codec/json.ts';
import { findJwsAlgorithm, verifySignature } from './algorithms.ts';
import { parsePublicJwk, publicJwkFromKeyObject } from './jwk.ts';
import { parseJwks } from './jwks.ts';
import { verifyJws } from './jws.ts';
import { parseCompact } from './jws-compact.ts';

interface Case {
  readonly tcId: number;
  readonly comment: string;
  readonly result: 'valid' | 'invalid' | 'acceptable';
}

interface TokenCase extends Case {
  readonly jws: string | JsonObject;
}

interface SignatureCase extends Case {
  readonly msg: string;
  readonly sig: string;
}

interface Group<C> {
  readonly comment?: string;
  readonly public?: JsonObject;
  readonly private?: JsonObject;
  readonly publicKeyJwk?: JsonObject;
  readonly keyJwk?: JsonObject;
  readonly publicKeyDer?: string;
  readonly tests: readonly C[];
}

interface VectorSet<C> {
  readonly testGroups: readonly Group<C>[];
}

/** Cases that this server decides otherwise than the file, on purpose. */
interface Exceptions {
  readonly [tcId: number]: string;
}

function accepts(token: JsonValue | undefined, keySet: JsonObject): boolean {
  const keys = parseJwks(keySet);
  const jws = typeof token === 'string' ? parseCompact(token) : undefined;
  if (!keys.ok || jws === undefined || !jws.ok) return false;
  const { alg } = jws.value.header;
  return verifyJws(jws.value, [alg], keys.value).ok;
}

/** What the file expects; MAC keys and encryption keys are refused as such, whatever it says. */
function expectation(test: Case, group: Group<unknown>, exceptions: Exceptions): boolean {
  const key = JSON.stringify(group.public ?? group.private);
  if (key.includes('"oct"') || key.includes('"use":"enc"') || test.tcId in exceptions) return false;
  return test.result === 'valid';
}

function checkTokens(file: string, exceptions: Exceptions, atLeast: number): void {
  const vectors = requireVectors('wycheproof', file);
  it(`${file}: every token is decided as the file says`, { skip: vectors.skip }, () => {
    const { testGroups } = vectors.read() as VectorSet<TokenCase>;
    let accepted = 0;
    for (const group of testGroups) {
      const keys = group.public ?? group.private ?? {};
      const keySet = 'keys' in keys ? keys : { keys: [keys] };
      for (const test of group.tests) {
        const actual = accepts(test.jws, keySet);
        assert.equal(actual, expectation(test, group, exceptions), `${group.comment} ${test.tcId}: ${test.comment}`);
        if (actual) accepted++;
      }
    }
    assert.ok(accepted >= atLeast, `${accepted} tokens accepted`);
  });
}

/** Some groups give their key in DER alone. */
function keyOf(group: Group<unknown>): JsonObject {
  const jwk = group.publicKeyJwk ?? group.keyJwk;
  if (jwk !== undefined) return jwk;
  const der = Buffer.from(group.publicKeyDer ?? '', 'hex');
  return publicJwkFromKeyObject(createPublicKey({ key: der, format: 'der', type: 'spki' }));
}

function checkSignatures(file: string, algorithm: string, exceptions: Exceptions = {}): void {
  const vectors = requireVectors('wycheproof', file);
  it(`${file}: every signature is decided as the file says`, { skip: vectors.skip }, () => {
    const row = findJwsAlgorithm(algorithm);
    assert.ok(row);
    const { testGroups } = vectors.read() as VectorSet<SignatureCase>;
    let accepted = 0;
    for (const group of testGroups) {
      const key = parsePublicJwk({ ...keyOf(group), alg: algorithm });
      for (const test of group.tests) {
        const data = Buffer.from(test.msg, 'hex');
        const signature = Buffer.from(test.sig, 'hex');
        const actual: boolean = key.ok && verifySignature(row, key.value, data, signature);
        const expected = test.result === 'valid' && !(test.tcId in exceptions);
        assert.equal(actual, expected, `${test.tcId}: ${test.comment}`);
        if (actual) accepted++;
      }
    }
    assert.ok(accepted > 0, 'some signature is accepted');
  });
}

describe('Wycheproof', () => {
  const misprint = 'the key says "alg":"ES521", which is no algorithm: a misprint of RFC 7520 that the case repeats';
  const otherAlgorithm =
    'the key says "alg":"PS256" and the token PS384: one key, one algorithm (RFC 8725 section 3.1)';
  const exceptions = { 346: otherAlgorithm, 347: misprint, 350: otherAlgorithm, 351: misprint };
  checkTokens('json_web_signature_test.json', exceptions, 20);
  checkTokens('json_web_key_test.json', {}, 1);
  checkTokens('json_web_crypto_test.json', {}, 2);
  checkSignatures('ecdsa_secp256r1_sha256_p1363_test.json', 'ES256');
  checkSignatures('ecdsa_secp384r1_sha384_p1363_test.json', 'ES384');
  checkSignatures('ed25519_test.json', 'Ed25519');
  checkSignatures('rsa_pss_2048_sha256_mgf1_32_test.json', 'PS256');
  checkSignatures('rsa_signature_2048_sha256_test.json', 'RS256');
});
