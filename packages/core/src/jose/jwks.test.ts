import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { testKey } from '../../../../test/support/jose-keys.ts';
import type { JsonObject } from '../codec/json.ts';
import { parseJwks } from './jwks.ts';

const ec = testKey('P-256').jwk;
const rsa = testKey('RSA').jwk;

function faultOf(value: JsonObject): string | undefined {
  const parsed = parseJwks(value);
  return parsed.ok ? undefined : parsed.error.code;
}

describe('parseJwks', () => {
  it('reads the keys in order and leaves out those of kinds that are not offered', () => {
    const unsupported = [{ kty: 'LMS' }, { kty: 'OKP', crv: 'X25519', x: 'A'.repeat(43) }, { ...ec, crv: 'secp256k1' }];
    const parsed = parseJwks({
      keys: [{ ...ec, kid: 'a' }, ...unsupported, { ...rsa, kid: 'b', use: 'enc' }],
      other: 1,
    });
    assert.ok(parsed.ok);
    assert.deepEqual(
      parsed.value.map((key) => key.jwk.kid),
      ['a', 'b'],
    );
  });

  it('accepts an empty set, keys without kid, and one kid for keys of two types', () => {
    assert.equal(faultOf({ keys: [] }), undefined);
    assert.equal(faultOf({ keys: [ec, testKey('P-384').jwk] }), undefined);
    assert.equal(
      faultOf({
        keys: [
          { ...ec, kid: 'a' },
          { ...rsa, kid: 'a' },
        ],
      }),
      undefined,
    );
  });

  const refused: Readonly<Record<string, readonly [JsonObject, string]>> = {
    'no keys': [{}, 'malformed'],
    'keys that are no array': [{ keys: { 0: ec } }, 'malformed'],
    'a key that is no object': [{ keys: [ec, 'x'] }, 'malformed'],
    'one kid for two keys of a type': [
      {
        keys: [
          { ...ec, kid: 'a' },
          { ...testKey('P-384').jwk, kid: 'a' },
        ],
      },
      'malformed',
    ],
    'a private key': [{ keys: [{ ...ec, d: 'AA' }] }, 'bad_key'],
    'a symmetric key among public ones': [{ keys: [ec, { kty: 'oct', k: 'AA' }] }, 'bad_key'],
    'a point off its curve': [{ keys: [{ ...ec, y: ec.x }] }, 'bad_key'],
    'more than 20 keys': [{ keys: new Array(21).fill({ kty: 'LMS' }) }, 'malformed'],
  };
  for (const [what, [value, code]] of Object.entries(refused)) {
    it(`refuses ${what}`, () => assert.equal(faultOf(value), code));
  }

  it('says which key is wrong, and how many are accepted', () => {
    const parsed = parseJwks({ keys: [ec, { ...ec, y: ec.x }] });
    assert.match(parsed.ok ? '' : parsed.error.detail, /Key 1 .* not on its curve/);
    const many = parseJwks({ keys: [ec, ec] }, { maximumKeys: 1 });
    assert.match(many.ok ? '' : many.error.detail, /more than 1 /);
  });

  it('never throws for arbitrary JSON', () => {
    fc.assert(fc.property(fc.jsonValue(), (keys) => void parseJwks({ keys } as JsonObject)));
  });
});
