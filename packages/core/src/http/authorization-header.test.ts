import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseBasic, parseBearer } from './authorization-header.ts';

function basic(text: string | Uint8Array): string {
  return `Basic ${Buffer.from(text as string).toString('base64')}`;
}

function formEncode(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

function basicFault(value: string | undefined): string | undefined {
  const parsed = parseBasic(value);
  return parsed.ok ? undefined : parsed.error.code;
}

function bearerFault(value: string | undefined): string | undefined {
  const parsed = parseBearer(value);
  return parsed.ok ? undefined : parsed.error.code;
}

describe('parseBasic', () => {
  it('returns any id and secret that a client form-encoded (RFC 6749 section 2.3.1)', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1 }),
        fc.string({ unit: 'grapheme' }),
        fc.constantFrom('Basic', 'basic', 'BASIC'),
        (id, secret, scheme) => {
          const value = basic(`${formEncode(id)}:${formEncode(secret)}`).replace('Basic', scheme);
          assert.deepEqual(parseBasic(value), { ok: true, value: { id, secret } });
        },
      ),
    );
  });

  it('reads the example of RFC 6749 section 2.3.1', () => {
    assert.deepEqual(parseBasic('Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW'), {
      ok: true,
      value: { id: 's6BhdRkqt3', secret: 'gX1fBat3bV' },
    });
  });

  it('tells an absent header, another scheme and a broken one apart', () => {
    assert.equal(basicFault(undefined), 'absent');
    assert.equal(basicFault(''), 'absent');
    assert.equal(basicFault('Bearer abc'), 'other_scheme');
    assert.equal(basicFault('Basically abc'), 'other_scheme');
    assert.equal(basicFault('Basic'), 'malformed');
    assert.equal(basicFault('Basic '), 'malformed');
  });

  for (const [what, value] of Object.entries({
    'text that is not base64': 'Basic a:b',
    'base64 without padding': 'Basic YTpiYg',
    base64url: `Basic ${Buffer.from('a:\u00ff\u00ff\u00ff').toString('base64url')}`,
    'base64 with set spare bits': 'Basic YTpiYmJiYh==',
    'credentials without a colon': basic('abc'),
    'an empty client id': basic(':secret'),
    'bytes that are not UTF-8': basic(Uint8Array.of(0x61, 0x3a, 0xff)),
    'a percent sign that starts no escape': basic('a:100%'),
    'an escape that is not UTF-8': basic('a%ff:b'),
    'two sets of credentials': `${basic('a:b')}, ${basic('c:d')}`,
    'an enormous header': basic(`a:${'b'.repeat(20_000)}`),
  })) {
    it(`refuses ${what}`, () => assert.equal(basicFault(value), 'malformed'));
  }
});

describe('parseBearer', () => {
  it('returns the token, whatever the case of the scheme', () => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
      assert.deepEqual(parseBearer(`${scheme} aZ09-._~+/==`), { ok: true, value: 'aZ09-._~+/==' });
    }
    assert.deepEqual(parseBearer('Bearer   abc'), { ok: true, value: 'abc' });
  });

  it('tells an absent header, another scheme and a broken one apart', () => {
    assert.equal(bearerFault(undefined), 'absent');
    assert.equal(bearerFault('DPoP abc'), 'other_scheme');
    for (const value of ['Bearer', 'Bearer a b', 'Bearer a,b', 'Bearer "a"', 'Bearer a=b', 'Bearer é', 'Bearer =']) {
      assert.equal(bearerFault(value), 'malformed', value);
    }
  });

  it('never throws for arbitrary text, and never returns a blank', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('', 'Bearer ', 'Basic '), (text, prefix) => {
        parseBasic(prefix + text);
        const token = parseBearer(prefix + text);
        if (token.ok) assert.match(token.value, /^[\x21-\x7e]+$/);
      }),
    );
  });
});
