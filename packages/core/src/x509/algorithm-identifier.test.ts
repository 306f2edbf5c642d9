import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeHex, encodeHex } from '../codec/hex.ts';
import { findSignatureAlgorithm, isSame, signatureAlgorithm } from './algorithm-identifier.ts';

const find = (hex: string) => findSignatureAlgorithm(decodeHex(hex) ?? assert.fail(hex))?.name;

test('encodings as the standards print them', () => {
  assert.equal(encodeHex(signatureAlgorithm('ES256').der), '300a06082a8648ce3d040302');
  assert.equal(encodeHex(signatureAlgorithm('RS256').der), '300d06092a864886f70d01010b0500');
  assert.equal(encodeHex(signatureAlgorithm('Ed25519').der), '300506032b6570');
  // rSASSA-PSS-SHA256-Identifier with a salt of 32 octets, RFC 4055 section 3.1.
  assert.equal(
    encodeHex(signatureAlgorithm('PS256').der),
    '304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120',
  );
});

test('every algorithm is found by its encoding, EdDSA as Ed25519', () => {
  const names = ['ES256', 'ES384', 'ES512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'Ed25519'] as const;
  for (const name of names) assert.equal(findSignatureAlgorithm(signatureAlgorithm(name).der)?.name, name);
  assert.equal(signatureAlgorithm('EdDSA'), signatureAlgorithm('Ed25519'));
});

test('RSA without NULL is accepted as RFC 4055 tells readers', () => {
  assert.equal(find('300b06092a864886f70d01010b'), 'RS256');
  assert.equal(
    find(
      '303d06092a864886f70d01010a3030a00d300b0609608648016503040201a11a301806092a864886f70d010108300b0609608648016503040201a203020120',
    ),
    'PS256',
  );
});

test('fail/SHA-1, fail/ECDSA with NULL, fail/PSS with defaults or another salt', () => {
  assert.equal(find('300d06092a864886f70d0101050500'), undefined);
  assert.equal(find('300c06082a8648ce3d0403020500'), undefined);
  assert.equal(find('300d06092a864886f70d01010a3000'), undefined);
  const other = encodeHex(signatureAlgorithm('PS256').der).replace(/20$/, '00');
  assert.equal(find(other), undefined);
});

test('sameness is of every octet and of the length', () => {
  assert.equal(isSame(Uint8Array.of(1, 2), Uint8Array.of(1, 2)), true);
  assert.equal(isSame(Uint8Array.of(1, 2), Uint8Array.of(1, 3)), false);
  assert.equal(isSame(Uint8Array.of(1, 2), Uint8Array.of(1)), false);
});
