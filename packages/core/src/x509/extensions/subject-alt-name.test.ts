import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeHex } from '../../codec/hex.ts';
import { oid } from '../../codec/oid.ts';
import { unwrap } from '../../result.ts';
import type { GeneralName } from '../general-name.ts';
import { commonName } from '../name.ts';
import { encodeSubjectAltName, parseSubjectAltName } from './subject-alt-name.ts';

const visible = fc.string({ unit: fc.constantFrom(...'az09.-*@:/_~!'), minLength: 1, maxLength: 12 });
const generalNames: fc.Arbitrary<GeneralName> = fc.oneof(
  fc
    .tuple(fc.constantFrom('dns' as const, 'email' as const, 'uri' as const), visible)
    .map(([type, value]): GeneralName => ({ type, value })),
  fc
    .constantFrom(4, 16)
    .chain((length) => fc.uint8Array({ minLength: length, maxLength: length }))
    .map((value): GeneralName => ({ type: 'ip', value })),
  fc.string({ maxLength: 8 }).map((text): GeneralName => ({ type: 'directory', value: commonName(text) })),
  fc.nat(100).map((arc): GeneralName => ({ type: 'registeredId', value: `1.2.${arc}` })),
  fc.nat(100).map((arc): GeneralName => ({ type: 'other', typeId: `1.2.${arc}`, value: Uint8Array.of(0x05, 0x00) })),
);

test('any names come back in order', () => {
  fc.assert(
    fc.property(fc.array(generalNames, { minLength: 1, maxLength: 6 }), (names) => {
      assert.deepEqual(unwrap(parseSubjectAltName(encodeSubjectAltName(names).value)), names);
    }),
  );
});

test('the encoding of a name, and criticality as asked', () => {
  const names = [{ type: 'dns', value: 'a.test' }] as const;
  const extension = encodeSubjectAltName(names);
  assert.deepEqual([extension.oid, extension.critical], [oid.subjectAltName, false]);
  assert.equal(encodeHex(extension.value), '30088206612e74657374');
  assert.equal(encodeSubjectAltName(names, true).critical, true);
});

test('fail/no names, fail/empty name, fail/NUL, blank or non-ASCII inside, fail/address of another length', () => {
  for (const hex of [
    '3000',
    '30028200',
    '3005820361002e',
    '3005820361202e',
    '3003820180',
    '3003870101',
    '300787057f00000100',
  ]) {
    assert.ok(!parseSubjectAltName(Buffer.from(hex, 'hex')).ok, hex);
  }
});

test('fail/x400Address and ediPartyName are refused as unsupported', () => {
  for (const hex of ['3002a300', '3002a500']) {
    const outcome = parseSubjectAltName(Buffer.from(hex, 'hex'));
    assert.ok(!outcome.ok);
    assert.equal(outcome.error.code, 'unsupported');
  }
});

test('fail/names that cannot be encoded are mistakes of the caller', () => {
  const attempt = (name: GeneralName) => () => encodeSubjectAltName([name]);
  assert.throws(attempt({ type: 'dns', value: '' }), RangeError);
  assert.throws(attempt({ type: 'dns', value: 'é.test' }), RangeError);
  assert.throws(attempt({ type: 'uri', value: 'http://a b' }), RangeError);
  assert.throws(attempt({ type: 'ip', value: new Uint8Array(5) }), RangeError);
  assert.throws(attempt({ type: 'registeredId', value: '1' }), RangeError);
});
