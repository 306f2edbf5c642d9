import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isJsonObject, type JsonFault, parseJson, parseJsonObject } from './json.ts';

function faultOf(input: string | Uint8Array, limits = {}): JsonFault['code'] | undefined {
  const parsed = parseJson(input, limits);
  return parsed.ok ? undefined : parsed.error.code;
}

/** Names that parseJson refuses. */
function hasOddName(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, child]) => /["\\\p{Cc}\p{Cs}]/u.test(name) || hasOddName(child));
}

function read(input: string | Uint8Array): unknown {
  const parsed = parseJson(input);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.value;
}

describe('parseJson', () => {
  it('reads what JSON.stringify writes, from text and from bytes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6, stringUnit: 'binary' }), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        fc.pre(!hasOddName(value));
        assert.deepEqual(read(text), JSON.parse(text));
        assert.deepEqual(read(Buffer.from(text)), JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  it('never throws, and accepts nothing that JSON.parse refuses, for arbitrary bytes and JSON-like text', () => {
    const fragment = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '"a"',
      '"\\u0061"',
      '1',
      ' ',
      '\\"',
      '\ud800',
    );
    const text = fc.array(fragment, { maxLength: 14 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: 'binary' }), fc.uint8Array()), (input) => {
        const parsed = parseJson(input);
        if (parsed.ok) JSON.parse(typeof input === 'string' ? input : new TextDecoder().decode(input));
      }),
      { numRuns: 3000 },
    );
  });

  it('refuses exactly the objects with a repeated name, wherever they are and however the names are written', () => {
    const name = fc.constantFrom('a', 'b', '\\u0061', 'a\\"', '', '__proto__', 'constructor', '1', '\\\\', ':');
    const member = fc.tuple(name, fc.constantFrom('1', '"a"', '":"', '{"a":1}', '[{"a":1},{"a":2}]', '"\\\\\\":"'));
    fc.assert(
      fc.property(fc.array(member, { maxLength: 5 }), fc.constantFrom('', ' ', '\n\t'), (members, blank) => {
        const text = `[0,{"x":{${members.map(([key, value]) => `"${key}"${blank}:${value}`).join(',')}}}]`;
        const names = members.map(([key]) => JSON.parse(`"${key}"`));
        const odd = names.some((key) => key.includes('"') || key.includes('\\'));
        const expected = new Set(names).size === names.length ? undefined : 'duplicate_member';
        assert.equal(faultOf(text), odd ? 'unrepresentable' : expected, text);
      }),
      { numRuns: 1000 },
    );
  });

  it('reads escaped names right where V8 does not (nodejs/node issue 63785)', () => {
    JSON.parse('{"h":[],"\\\\":0}');
    assert.deepEqual(read('{"h":1,"\\u0061":2}'), { h: 1, a: 2 });
    assert.deepEqual(read('[{"h":1,"\\u00e9":2,"x":"\\n"}]'), [{ h: 1, é: 2, x: '\n' }]);
    assert.equal(faultOf('{"h":1,"\\u0068":2}'), 'duplicate_member');
    assert.equal(faultOf('{"h":1,"\\x":2}'), 'syntax');
  });

  it('makes __proto__ an ordinary member that changes no prototype', () => {
    const value = read('{"__proto__":{"admin":true},"b":{"constructor":1}}') as Record<string, unknown>;
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
    assert.deepEqual(Object.keys(value), ['__proto__', 'b']);
    assert.equal(value.admin, undefined);
    assert.equal(({} as Record<string, unknown>).admin, undefined);
    assert.equal(faultOf('{"__proto__":1,"__proto__":2}'), 'duplicate_member');
  });

  it('bounds nesting, counting arrays and objects', () => {
    assert.equal(faultOf('[[[]]]', { maximumDepth: 3 }), undefined);
    assert.equal(faultOf('[[[]]]', { maximumDepth: 2 }), 'too_deep');
    assert.equal(faultOf('{"a":[{}]}', { maximumDepth: 2 }), 'too_deep');
    assert.equal(faultOf('1', { maximumDepth: 0 }), undefined);
    assert.equal(faultOf(`${'['.repeat(32)}${']'.repeat(32)}`), undefined);
    assert.equal(faultOf(`${'['.repeat(33)}${']'.repeat(33)}`), 'too_deep');
    assert.equal(faultOf(`${'['.repeat(60_000)}${']'.repeat(60_000)}`), 'too_deep');
  });

  it('bounds length', () => {
    assert.equal(faultOf('"abc"', { maximumLength: 5 }), undefined);
    assert.equal(faultOf('"abc"', { maximumLength: 4 }), 'too_long');
    assert.equal(faultOf(Buffer.from('"é"'), { maximumLength: 3 }), 'too_long');
    assert.equal(faultOf(' '.repeat(131_073)), 'too_long');
  });

  const refused: Readonly<Record<string, readonly [string | Uint8Array, JsonFault['code']]>> = {
    'empty text': ['', 'syntax'],
    'trailing text': ['{} x', 'syntax'],
    'two values': ['{}{}', 'syntax'],
    'a trailing comma': ['[1,]', 'syntax'],
    'a comment': ['{/**/}', 'syntax'],
    'single quotes': ["{'a':1}", 'syntax'],
    NaN: ['NaN', 'syntax'],
    'a leading zero': ['01', 'syntax'],
    'a raw control character in a string': ['"\n"', 'syntax'],
    'a byte order mark in bytes': [Uint8Array.of(0xef, 0xbb, 0xbf, 0x31), 'not_utf8'],
    'a byte order mark in text': ['\ufeff1', 'syntax'],
    'UTF-16': [Buffer.from('{"a":1}', 'utf16le'), 'syntax'],
    'invalid UTF-8': [Uint8Array.of(0x22, 0xff, 0x22), 'not_utf8'],
    'overlong UTF-8': [Uint8Array.of(0x22, 0xc0, 0xa2, 0x22), 'not_utf8'],
    'UTF-8 of a surrogate': [Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22), 'not_utf8'],
    'an escaped unpaired surrogate in a value': ['{"a":["\\ud800"]}', 'unrepresentable'],
    'an escaped unpaired surrogate in a name': ['{"\\udc00":1}', 'unrepresentable'],
    'a raw unpaired surrogate': ['"\ud800"', 'unrepresentable'],
    'a quote in a name': ['{"a\\"":1}', 'unrepresentable'],
    'a backslash in a name': ['{"\\\\":1}', 'unrepresentable'],
    'a control character in a name': ['{"\\u0000":1}', 'unrepresentable'],
    'a string that does not end': ['{"a":"\\"}', 'syntax'],
    'a number that becomes infinite': ['{"exp":1e400}', 'unrepresentable'],
  };
  for (const [what, [input, code]] of Object.entries(refused)) {
    it(`refuses ${what}`, () => assert.equal(faultOf(input), code));
  }

  it('accepts an escaped surrogate pair', () => assert.equal(read('"\\ud83d\\ude00"'), '😀'));

  it('takes time in proportion to the length of escaped text', () => {
    const text = `["${'\\\\'.repeat(30_000)}","${'\\"'.repeat(30_000)}"]`;
    assert.deepEqual(read(text), ['\\'.repeat(30_000), '"'.repeat(30_000)]);
  });
});

describe('parseJsonObject', () => {
  it('accepts objects only', () => {
    assert.ok(parseJsonObject('{}').ok);
    for (const text of ['[]', 'null', '1', '"a"', 'true']) {
      const parsed = parseJsonObject(text);
      assert.equal(parsed.ok ? undefined : parsed.error.code, 'not_an_object', text);
    }
    assert.equal(isJsonObject(undefined), false);
  });

  it('passes on what parseJson finds', () => {
    const parsed = parseJsonObject('{"a":1,"a":1}');
    assert.equal(parsed.ok ? undefined : parsed.error.code, 'duplicate_member');
  });
});
