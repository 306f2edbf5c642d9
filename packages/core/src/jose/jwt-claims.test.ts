import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attacker, claims, ec, faultOf, forge, now, seconds, sign } from '../../../../test/support/jwt-fixture.ts';
import type { JsonObject } from '../codec/json.ts';
import type { PublicKey } from './jwk.ts';
import type { JwtRules } from './jwt.ts';

describe('issuer and audience', () => {
  it('another issuer, a missing one, and a near miss are refused though the key is right', () => {
    for (const iss of ['https://evil.example', 'https://as.example/', 'HTTPS://as.example', 'https://as.exampl', '']) {
      assert.equal(faultOf(sign({ ...claims, iss })), 'wrong_issuer', iss);
    }
    const { iss: _, ...rest } = claims;
    assert.equal(faultOf(sign(rest)), 'wrong_issuer');
  });

  it('keys belong to their issuer: a token of A under the key of B is refused', () => {
    const keys: Record<string, PublicKey> = { 'https://as.example': ec.key, 'https://b.example': attacker.key };
    const forged = forge({ alg: 'ES512', typ: 'at+jwt', kid: 'k1' }, claims, 'ES512', attacker.privateKey);
    const keyFor: JwtRules['keyFor'] = (_, content) => keys[content.iss ?? ''];
    assert.equal(faultOf(forged, { keyFor, algorithms: ['ES256', 'ES512'] }), 'key_not_found');
  });

  it('the audience is one of the named parties, compared whole', () => {
    assert.equal(faultOf(sign({ ...claims, aud: ['https://x.example', 'https://api.example'] })), undefined);
    assert.equal(faultOf(sign(), { audience: ['https://y.example', 'https://api.example'] }), undefined);
    for (const aud of [
      'https://api.example/v1',
      'https://api',
      '',
      [],
      ['https://x.example'],
      'https://api.example https://x.example',
    ]) {
      assert.equal(faultOf(sign({ ...claims, aud })), 'wrong_audience', JSON.stringify(aud));
    }
    const { aud: _, ...rest } = claims;
    assert.equal(faultOf(sign(rest)), 'wrong_audience');
    assert.equal(faultOf(sign(), { audience: [] }), 'wrong_audience');
  });

  it('the audience may be left open, explicitly', () => {
    assert.equal(faultOf(sign({ ...claims, aud: 'anybody' }), { audience: undefined }), undefined);
  });
});

describe('times', () => {
  it('a token is good up to, and not at, its expiry; skew moves that', () => {
    const token = sign();
    assert.equal(faultOf(token, { now: now + 299_999 }), undefined);
    assert.equal(faultOf(token, { now: now + 300_000 }), 'expired');
    assert.equal(faultOf(token, { now: now + 309_999, clockSkew: 10_000 }), undefined);
    assert.equal(faultOf(token, { now: now + 310_000, clockSkew: 10_000 }), 'expired');
    assert.equal(faultOf(sign({ ...claims, exp: seconds + 0.5 }), { now: now + 499 }), undefined);
    assert.equal(faultOf(sign({ ...claims, exp: seconds + 0.5 }), { now: now + 500 }), 'expired');
    assert.equal(faultOf(sign({ ...claims, exp: -1 })), 'expired');
  });

  it('a token without expiry is refused, unless expiry is ignored', () => {
    const { exp: _, ...rest } = claims;
    assert.equal(faultOf(sign(rest)), 'bad_claim');
    assert.equal(faultOf(sign(rest), { expiry: 'ignored' }), undefined);
    assert.equal(faultOf(sign(), { now: now + 10_000_000, expiry: 'ignored' }), undefined);
  });

  for (const name of ['nbf', 'iat']) {
    it(`a token whose ${name} lies in the future is not valid yet, but for the skew`, () => {
      const token = sign({ ...claims, [name]: seconds + 10 });
      assert.equal(faultOf(token), 'not_yet_valid');
      assert.equal(faultOf(token, { now: now + 9_999 }), 'not_yet_valid');
      assert.equal(faultOf(token, { now: now + 10_000 }), undefined);
      assert.equal(faultOf(token, { clockSkew: 10_000 }), undefined);
    });
  }
});

describe('types and presence of claims', () => {
  for (const [name, value] of Object.entries({
    iss: ['https://as.example'],
    sub: 1,
    jti: {},
    aud: { 0: 'https://api.example' },
    exp: '4000000000',
    nbf: null,
    iat: true,
  })) {
    it(`${name} of type ${JSON.stringify(value)} is refused`, () => {
      assert.equal(faultOf(sign({ ...claims, [name]: value } as JsonObject)), 'bad_claim');
    });
  }

  it('an audience with a member that is no string is refused', () => {
    assert.equal(faultOf(sign({ ...claims, aud: ['https://api.example', 1] })), 'bad_claim');
  });

  it('claims that a caller requires must be there, and names that objects inherit are not', () => {
    assert.equal(faultOf(sign({ ...claims, jti: 'a' }), { required: ['sub', 'jti'] }), undefined);
    assert.equal(faultOf(sign(), { required: ['sub', 'jti'] }), 'bad_claim');
    assert.equal(faultOf(sign(), { required: ['toString'] }), 'bad_claim');
  });
});
