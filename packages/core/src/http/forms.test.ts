import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type FormParameters, parseForm } from './forms.ts';

function read(input: string | Uint8Array): FormParameters {
  const parsed = parseForm(input);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.value;
}

function faultOf(input: string | Uint8Array, limits = {}): string | undefined {
  const parsed = parseForm(input, limits);
  return parsed.ok ? undefined : parsed.error.code;
}

describe('parseForm', () => {
  it('reads what URLSearchParams writes, as text and as bytes', () => {
    const pair = fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme', minLength: 1 }));
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 8 }), (pairs) => {
        const text = new URLSearchParams(pairs).toString();
        const expected = new Map<string, string[]>();
        for (const [name, value] of pairs) expected.set(name, [...(expected.get(name) ?? []), value]);
        for (const form of [read(text), read(Buffer.from(text))]) {
          assert.deepEqual(form.names(), [...expected.keys()]);
          for (const [name, values] of expected) {
            assert.deepEqual(form.all(name), values);
            assert.equal(form.get(name), values[0]);
            assert.equal(form.has(name), true);
          }
          assert.deepEqual(
            form.repeated,
            [...expected].filter(([, values]) => values.length > 1).map(([name]) => name),
          );
        }
      }),
    );
  });

  it('agrees with URLSearchParams on arbitrary text, or refuses it, and never throws', () => {
    const fragment = fc.constantFrom('a', '=', '&', '%', '+', '%41', '%c3%a9', '%ff', '%zz', '%0', 'é', ';', '#', '?');
    fc.assert(
      fc.property(
        fc.array(fragment, { maxLength: 12 }).map((parts) => parts.join('')),
        (text) => {
          const parsed = parseForm(text);
          if (!parsed.ok) return;
          const oracle = [...new URLSearchParams(`&${text}`)].filter(([, value]) => value !== '');
          assert.deepEqual(
            parsed.value
              .names()
              .flatMap((name) => parsed.value.all(name).map((value) => [name, value]))
              .toSorted(),
            oracle.toSorted(),
          );
        },
      ),
      { numRuns: 2000 },
    );
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void parseForm(bytes)));
  });

  it('counts a parameter without a value as not sent (RFC 6749 section 3.1)', () => {
    const form = read('a=&b&=&c=1&a=2');
    assert.deepEqual(form.names(), ['c', 'a']);
    assert.equal(form.has('b'), false);
    assert.equal(form.get('b'), undefined);
    assert.deepEqual(form.all('b'), []);
    assert.equal(form.get('a'), '2');
    assert.deepEqual(form.repeated, []);
  });

  it('keeps repetition visible, also when one name is written with escapes', () => {
    const form = read('scope=a&sc%6Fpe=b&client_id=c');
    assert.deepEqual(form.repeated, ['scope']);
    assert.deepEqual(form.all('scope'), ['a', 'b']);
  });

  it('does not confuse names with what objects inherit', () => {
    const form = read('__proto__=1');
    assert.equal(form.get('constructor'), undefined);
    assert.equal(form.get('__proto__'), '1');
  });

  it('keeps equals signs within a value', () => assert.equal(read('a=b=c==').get('a'), 'b=c=='));

  it('reads an empty form', () => assert.deepEqual(read('').names(), []));

  for (const [what, input] of Object.entries({
    'a percent sign alone': 'a=%',
    'half an escape': 'a=%4',
    'an escape that is not hexadecimal': 'a=%GG',
    'an escape that is not UTF-8': 'a=%ff',
    'an overlong escape': 'a=%c0%80',
    'an escaped surrogate': 'a=%ed%a0%80',
    'a broken escape in a name': '%=1',
    'bytes that are not UTF-8': Uint8Array.of(0x61, 0x3d, 0xff),
  })) {
    it(`refuses ${what}`, () => assert.equal(faultOf(input), 'malformed'));
  }

  it('bounds length and number of parameters', () => {
    assert.equal(faultOf('a=1&b=2', { maximumLength: 7 }), undefined);
    assert.equal(faultOf('a=1&b=2', { maximumLength: 6 }), 'too_long');
    assert.equal(faultOf('a=1&b=2', { maximumParameters: 2 }), undefined);
    assert.equal(faultOf('a=1&b=2', { maximumParameters: 1 }), 'too_many_parameters');
    assert.equal(faultOf('a=&b=&c', { maximumParameters: 2 }), 'too_many_parameters');
    assert.equal(faultOf('a'.repeat(65_537)), 'too_long');
    assert.equal(faultOf('a=1&'.repeat(101)), 'too_many_parameters');
  });
});
