import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { requireProgram } from '../../../../test/support/require-program.ts';
import { runProgram } from '../../../../test/support/run-program.ts';
import { encodeHex } from '../codec/hex.ts';
import { oid } from '../codec/oid.ts';
import { unwrap } from '../result.ts';
import { commonName, encodeName, formatName, type Name, type NameAttribute, nameAttribute, parseName } from './name.ts';

const openssl = requireProgram('openssl', 'openssl');

const types = fc.constantFrom<string>(...Object.values(oid).filter((dotted) => dotted.startsWith('2.5.4.')), '1.2.3.4');
const text = fc.string({ unit: 'binary', maxLength: 12 }).filter((value) => !value.startsWith('\ufeff'));
const ascii = fc.string({ unit: 'binary-ascii', maxLength: 12 });
const printable = fc.string({ unit: fc.constantFrom(...`AZaz09 '()+,-./:=?`), maxLength: 12 });
const latin = fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
const otherDer = fc.constantFrom('0500', '0203010001', '1c0400000041', '3003020105');
const attributes: fc.Arbitrary<NameAttribute> = fc.oneof(
  fc.record({ type: types, value: text, encoding: fc.constant('UTF8String' as const) }),
  fc.record({ type: types, value: printable, encoding: fc.constant('PrintableString' as const) }),
  fc.record({ type: types, value: ascii, encoding: fc.constant('IA5String' as const) }),
  fc.record({ type: types, value: latin, encoding: fc.constant('TeletexString' as const) }),
  fc.record({ type: types, value: text, encoding: fc.constant('BMPString' as const) }),
  fc.record({ type: types, value: otherDer, encoding: fc.constant('DER' as const) }),
);

test('any name comes back with its encodings, and is written again octet by octet', () => {
  const relative = fc.array(attributes, { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(fc.array(relative, { maxLength: 5 }), (name) => {
      const der = encodeName(name);
      const back = unwrap(parseName(der));
      assert.deepEqual(encodeName(back), der);
      const flat = (value: Name) =>
        value.map((parts) => parts.map(({ type, value: text, encoding }) => [type, text, encoding]));
      // The attributes of one relative name form a SET, which DER puts in its own order.
      const sorted = (value: Name) => flat(value).map((parts) => parts.map((part) => JSON.stringify(part)).sort());
      assert.deepEqual(sorted(back), sorted(name));
    }),
  );
});

test('a common name is one UTF8String, as is all but what is ASCII by definition', () => {
  assert.equal(encodeHex(encodeName(commonName('a.test'))), '3011310f300d06035504030c06612e74657374');
  assert.equal(nameAttribute(oid.countryName, 'JP').encoding, 'PrintableString');
  assert.equal(nameAttribute(oid.emailAddress, 'a@b.test').encoding, 'IA5String');
  assert.equal(nameAttribute(oid.organizationName, 'O').encoding, 'UTF8String');
});

test('the string form follows RFC 4514, its examples among them', () => {
  const attribute = (type: string, value: string): NameAttribute => ({ type, value, encoding: 'UTF8String' });
  const format = (...name: NameAttribute[][]) => formatName(name);
  const dc = (value: string) => [nameAttribute(oid.domainComponent, value)];
  assert.equal(format(dc('net'), dc('example'), [attribute(oid.userId, 'jsmith')]), 'UID=jsmith,DC=example,DC=net');
  assert.equal(
    format(dc('net'), dc('example'), [
      attribute(oid.organizationalUnitName, 'Sales'),
      attribute(oid.commonName, 'J.  Smith'),
    ]),
    'OU=Sales+CN=J.  Smith,DC=example,DC=net',
  );
  assert.equal(format([attribute(oid.commonName, 'James "Jim" Smith, III')]), 'CN=James \\"Jim\\" Smith\\, III');
  assert.equal(format([attribute(oid.commonName, 'Before\rAfter')]), 'CN=Before\rAfter');
  assert.equal(
    format([{ type: '1.3.6.1.4.1.1466.0', value: '04024869', encoding: 'DER' }]),
    '1.3.6.1.4.1.1466.0=#04024869',
  );
  assert.equal(format([attribute('1.2.3.4', 'x')]), '1.2.3.4=#0c0178');
  assert.equal(format([attribute(oid.commonName, 'Lučić')]), 'CN=Lučić');
  assert.equal(formatName([]), '');
});

test('characters that would change the meaning of the string form are escaped', () => {
  const format = (value: string) => formatName(commonName(value)).slice(3);
  assert.equal(format('#a'), '\\#a');
  assert.equal(format(' a '), '\\ a\\ ');
  assert.equal(format(' '), '\\ ');
  assert.equal(format('  '), '\\ \\ ');
  assert.equal(format('a#b c'), 'a#b c');
  assert.equal(format('a\0b'), 'a\\00b');
  assert.equal(format('a+b,c;d<e>f\\g'), 'a\\+b\\,c\\;d\\<e\\>f\\\\g');
  assert.equal(format('a\\'), 'a\\\\');
  assert.equal(format('a\\ '), 'a\\\\\\ ');
});

test('fail/values that do not fit their string type', () => {
  const der = (type: string, content: string) => {
    const length = (hex: string) => (hex.length / 2).toString(16).padStart(2, '0');
    const value = `${type}${length(content)}${content}`;
    const pair = `0603550403${value}`;
    const attribute = `30${length(pair)}${pair}`;
    const set = `31${length(attribute)}${attribute}`;
    return Buffer.from(`30${length(set)}${set}`, 'hex');
  };
  assert.ok(parseName(der('0c', '41')).ok);
  for (const [type, content] of [
    ['0c', 'ff'],
    ['0c', 'efbbbf41'],
    ['13', '40'],
    ['13', '2a'],
    ['16', '80'],
    ['1e', '004100'],
  ] as const) {
    assert.ok(!parseName(der(type, content)).ok, `${type} ${content}`);
  }
});

test('fail/relative name without attributes, fail/attribute with more than a value, fail/too many of them', () => {
  assert.ok(!parseName(Buffer.from('30023100', 'hex')).ok);
  assert.ok(!parseName(Buffer.from('3010310e300c06035504030c0141050005 00'.replace(' ', ''), 'hex')).ok);
  assert.ok(!parseName(encodeName(Array.from({ length: 65 }, () => commonName('a')[0] ?? []))).ok);
});

test('fail/a value that its declared encoding cannot hold is a mistake of the caller', () => {
  const attempt = (value: string, encoding: NameAttribute['encoding']) => () =>
    encodeName([[{ type: oid.commonName, value, encoding }]]);
  assert.throws(attempt('a@b', 'PrintableString'), RangeError);
  assert.throws(attempt('é', 'IA5String'), RangeError);
  assert.throws(attempt('認', 'TeletexString'), RangeError);
});

test('OpenSSL reads our names as we format them', { skip: openssl.skip }, () => {
  const name: Name = [
    [nameAttribute(oid.countryName, 'JP')],
    [nameAttribute(oid.organizationName, 'Prüf, "Stelle" 認証局')],
    [nameAttribute(oid.organizationalUnitName, 'A'), nameAttribute(oid.commonName, ' #B ')],
  ];
  const args = ['asn1parse', '-inform', 'DER', '-in', 'name.der'];
  const run = runProgram(openssl.path, args, { 'name.der': encodeName(name) });
  assert.equal(run.status, 0, run.text);
  for (const expected of [
    'countryName',
    'PRINTABLESTRING   :JP',
    'organizationalUnitName',
    'UTF8STRING        : #B ',
  ]) {
    assert.ok(run.text.includes(expected), `${expected} in ${run.text}`);
  }
});
