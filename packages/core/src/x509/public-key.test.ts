import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { generateKeys } from '../../../../test/support/certificates.ts';
import { DerWriter } from '../codec/der-writer.ts';
import { oid } from '../codec/oid.ts';
import { exportPublicKeyInfo } from '../crypto.ts';
import { unwrap } from '../result.ts';
import { parsePublicKeyInfo } from './public-key.ts';
import { keyIdentifier } from './thumbprint.ts';

const spki = (algorithm: Parameters<typeof generateKeys>[0]) => exportPublicKeyInfo(generateKeys(algorithm).publicKey);

function refusal(der: Uint8Array) {
  const outcome = parsePublicKeyInfo(der);
  assert.ok(!outcome.ok, `accepted: ${Buffer.from(der).toString('hex')}`);
  return outcome.error;
}

function buildInfo(algorithm: (writer: DerWriter) => void, key: Uint8Array): Uint8Array {
  const writer = new DerWriter();
  writer.sequence(() => writer.sequence(() => algorithm(writer)).bitString(key));
  return writer.finish();
}

function rsaInfo(modulus: Uint8Array, exponent: Uint8Array): Uint8Array {
  const key = new DerWriter();
  key.sequence(() => key.unsignedInteger(modulus).unsignedInteger(exponent));
  return buildInfo((writer) => writer.oid(oid.rsaEncryption).null(), key.finish());
}

test('each kind of key is read with its size', () => {
  const expected = [
    ['ES256', 'EC', 'P-256', 256],
    ['ES384', 'EC', 'P-384', 384],
    ['ES512', 'EC', 'P-521', 521],
    ['Ed25519', 'Ed25519', undefined, 256],
    ['RS256', 'RSA', undefined, 2048],
  ] as const;
  for (const [algorithm, kind, curve, bits] of expected) {
    const der = spki(algorithm);
    const key = unwrap(parsePublicKeyInfo(der));
    assert.deepEqual([key.kind, key.curve, key.bits], [kind, curve, bits]);
    assert.deepEqual(exportPublicKeyInfo(key.keyObject), Buffer.from(der));
  }
});

test('the size of an RSA key is that of its modulus to the bit', () => {
  const modulus = new Uint8Array(257).fill(0xff);
  for (const [first, bits] of [
    [0x01, 2049],
    [0x02, 2050],
    [0x80, 2056],
  ] as const) {
    assert.equal(unwrap(parsePublicKeyInfo(rsaInfo(modulus.fill(first, 0, 1), Uint8Array.of(1, 0, 1)))).bits, bits);
  }
});

test('damaged keys never throw, and what is accepted can be imported', () => {
  const keys = (['ES256', 'Ed25519', 'RS256'] as const).map(spki);
  fc.assert(
    fc.property(fc.constantFrom(...keys), fc.nat(), fc.nat(255), (key, at, value) => {
      const der = Uint8Array.from(key);
      der[at % der.length] = value;
      const outcome = parsePublicKeyInfo(der);
      if (outcome.ok) assert.equal(outcome.value.keyObject.type, 'public');
    }),
    { numRuns: 300 },
  );
});

test('fail/point off the curve, fail/compressed point, fail/point at infinity', () => {
  const der = Buffer.from(spki('ES256'));
  const off = Buffer.from(der);
  off[off.length - 1] = (off.at(-1) ?? 0) ^ 1;
  assert.match(refusal(off).detail, /not a valid P-256 public key/);
  const ec = (writer: DerWriter) => void writer.oid(oid.ecPublicKey).oid(oid.secp256r1);
  const x = der.subarray(-64, -32);
  assert.equal(refusal(buildInfo(ec, Buffer.concat([Uint8Array.of(2), x]))).code, 'unsupported');
  assert.equal(refusal(buildInfo(ec, Uint8Array.of(0))).code, 'unsupported');
  assert.equal(refusal(buildInfo(ec, new Uint8Array())).code, 'unsupported');
});

test('fail/kinds of keys that are not certified: the refusal tells so', () => {
  const kinds = [
    generateKeyPairSync('ec', { namedCurve: 'secp256k1' }),
    generateKeyPairSync('ec', { namedCurve: 'P-256', paramEncoding: 'explicit' }),
    generateKeyPairSync('ed448'),
    generateKeyPairSync('x25519'),
    generateKeyPairSync('rsa-pss', { modulusLength: 1024 }),
    generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 }),
  ];
  for (const { publicKey } of kinds) {
    assert.match(refusal(exportPublicKeyInfo(publicKey)).detail, /not supported|06 expected/);
  }
});

test('fail/RSA keys without sense or of absurd size', () => {
  const modulus = new Uint8Array(256).fill(0xc3);
  for (const exponent of [[0], [1], [2], [1, 0, 0]]) {
    assert.match(refusal(rsaInfo(modulus, Uint8Array.from(exponent))).detail, /exponent/, String(exponent));
  }
  assert.equal(refusal(rsaInfo(modulus, new Uint8Array(9).fill(1))).code, 'unsupported');
  assert.equal(refusal(rsaInfo(new Uint8Array(1025).fill(0xff), Uint8Array.of(1, 0, 1))).code, 'unsupported');
  const negative = buildInfo(
    (writer) => void writer.oid(oid.rsaEncryption).null(),
    Buffer.from('30060201ff020103', 'hex'),
  );
  assert.match(refusal(negative).detail, /RSA public key: INTEGER is negative/);
  const trailing = buildInfo(
    (writer) => void writer.oid(oid.rsaEncryption).null(),
    Buffer.from('300602010502010300', 'hex'),
  );
  assert.match(refusal(trailing).detail, /left over/);
});

test('fail/parameters that do not belong: RSA without NULL, Ed25519 with it, EC without a curve', () => {
  const rsa = exportPublicKeyInfo(generateKeys('RS256').publicKey).subarray(24);
  assert.ok(!parsePublicKeyInfo(buildInfo((writer) => void writer.oid(oid.rsaEncryption), rsa)).ok);
  const ed = new Uint8Array(32).fill(9);
  assert.ok(!parsePublicKeyInfo(buildInfo((writer) => void writer.oid(oid.ed25519).null(), ed)).ok);
  assert.ok(!parsePublicKeyInfo(buildInfo((writer) => void writer.oid(oid.ed25519), ed.subarray(1))).ok);
  assert.ok(!parsePublicKeyInfo(buildInfo((writer) => void writer.oid(oid.ecPublicKey), ed)).ok);
});

test('key identifiers are 20 octets of the SHA-256 of the key bits, for any kind of key', () => {
  const info = buildInfo((writer) => void writer.oid('1.2.3'), Buffer.from('abc'));
  assert.equal(Buffer.from(keyIdentifier(info)).toString('hex'), 'ba7816bf8f01cfea414140de5dae2223b00361a3');
  assert.throws(() => keyIdentifier(Uint8Array.of(0x30, 0x00)), RangeError);
});
