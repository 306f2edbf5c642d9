import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import { claims, ec, faultOf, forge, now, rsa, rules, seconds, sign } from '../../../../test/support/jwt-fixture.ts';
import type { JsonObject } from '../codec/json.ts';
import { unwrap } from '../result.ts';
import { type JwtRules, parseJwt, signJwt, verifyJwt } from './jwt.ts';
import { createLocalSigner } from './local-signer.ts';

describe('signJwt', () => {
  it('writes tokens that the jose package verifies, with alg, typ and kid', async () => {
    const content = fc.record({ sub: fc.string({ unit: 'grapheme' }), n: fc.integer(), list: fc.array(fc.string()) });
    await fc.assert(
      fc.asyncProperty(content, async (extra) => {
        const expected = { ...claims, ...extra };
        for (const token of [sign(expected), sign(JSON.stringify(expected))]) {
          assert.deepEqual(decodeProtectedHeader(token), { alg: 'ES256', typ: 'at+jwt', kid: 'k1' });
          const verified = await jwtVerify(token, ec.key.keyObject, { typ: 'at+jwt', currentDate: new Date(now) });
          assert.deepEqual(verified.payload, expected);
        }
      }),
      { numRuns: 10 },
    );
  });

  it('answers with a promise where the key does', async () => {
    const slow = signJwt({ typ: 'at+jwt' }, claims, createLocalSigner('r1', 'RS256', rsa.privateKey));
    assert.ok(slow instanceof Promise);
    assert.equal(faultOf(await slow, { keyFor: () => rsa.key }), undefined);
  });
});

describe('verifyJwt', () => {
  it('returns header and claims of what signJwt wrote', () => {
    const verified = unwrap(verifyJwt(sign(), rules));
    assert.deepEqual(verified, { header: { alg: 'ES256', typ: 'at+jwt', kid: 'k1' }, claims });
  });

  it('verifies what the jose package signs, from the text or once parsed', async () => {
    const token = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'at+jwt' }).sign(rsa.privateKey);
    const parsed = unwrap(parseJwt(token));
    assert.deepEqual(parsed.claims, claims);
    for (const input of [token, parsed]) {
      assert.equal(verifyJwt(input, { ...rules, keyFor: () => [ec.key, rsa.key] }).ok, true);
    }
  });

  it('gives header and claims to whoever finds the key', () => {
    const seen: unknown[] = [];
    const keyFor: JwtRules['keyFor'] = (header, content) => {
      seen.push(header.kid, content.iss);
      return undefined;
    };
    assert.equal(faultOf(sign(), { keyFor }), 'key_not_found');
    assert.deepEqual(seen, ['k1', claims.iss]);
  });

  it('never throws for arbitrary text, headers and claims', () => {
    const member = fc.oneof(fc.jsonValue(), fc.constantFrom('ES256', 'JWT', 'at+jwt', seconds));
    const object = fc.dictionary(
      fc.constantFrom('alg', 'typ', 'kid', 'cty', 'iss', 'aud', 'exp', 'nbf', 'iat', 'jti'),
      member,
    );
    const rest = { ...rules, keyFor: () => [ec.key, rsa.key] };
    fc.assert(
      fc.property(object, object, (header, payload) => {
        const token = forge({ alg: 'ES256', ...(header as JsonObject) }, payload as JsonObject);
        verifyJwt(token, rest);
      }),
      { numRuns: 400 },
    );
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => assert.equal(verifyJwt(text, rest).ok, false)));
  });
});

describe('confusion of one kind of token with another', () => {
  const kinds = ['at+jwt', 'JWT', 'dpop+jwt', 'logout+jwt', 'oauth-authz-req+jwt', 'client-authentication+jwt'];
  for (const accepted of kinds) {
    it(`where ${accepted} is accepted, no other kind is, and none without a type`, () => {
      for (const typ of kinds) {
        assert.equal(faultOf(sign(claims, typ), { typ: accepted }), typ === accepted ? undefined : 'wrong_type', typ);
      }
      assert.equal(faultOf(forge({ alg: 'ES256' }), { typ: accepted }), 'wrong_type');
    });
  }

  it('types are media types: case does not count, nor does application/ in front', () => {
    for (const typ of ['at+jwt', 'AT+JWT', 'application/at+jwt', 'Application/At+Jwt']) {
      assert.equal(faultOf(sign(claims, typ)), undefined, typ);
      assert.equal(faultOf(sign(), { typ }), undefined, typ);
    }
    for (const typ of ['text/at+jwt', 'application/application/at+jwt', 'at+jwt ', 'application/', '', 'xat+jwt']) {
      assert.equal(faultOf(sign(claims, typ)), 'wrong_type', typ);
    }
    assert.equal(faultOf(sign(claims, 'application/x/y'), { typ: 'x/y' }), 'wrong_type');
  });

  it('a missing type is accepted only where a caller says so', () => {
    const typ = ['client-authentication+jwt', 'JWT', undefined];
    assert.equal(faultOf(forge({ alg: 'ES256' }), { typ }), undefined);
    assert.equal(faultOf(sign(claims, 'JWT'), { typ }), undefined);
    assert.equal(faultOf(sign(claims, 'at+jwt'), { typ }), 'wrong_type');
    assert.equal(faultOf(forge({ alg: 'ES256', typ: '' }), { typ }), 'wrong_type');
  });
});
