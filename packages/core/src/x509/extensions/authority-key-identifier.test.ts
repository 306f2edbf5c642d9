import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeHex } from '../../codec/hex.ts';
import { unwrap } from '../../result.ts';
import { encodeAuthorityKeyIdentifier, parseAuthorityKeyIdentifier } from './authority-key-identifier.ts';

const parse = (hex: string) => parseAuthorityKeyIdentifier(Buffer.from(hex, 'hex'));

test('the key identifier comes back', () => {
  const extension = encodeAuthorityKeyIdentifier(Uint8Array.of(1, 2, 3));
  assert.equal(extension.critical, false);
  assert.equal(encodeHex(extension.value), '30058003010203');
  assert.deepEqual([...(unwrap(parseAuthorityKeyIdentifier(extension.value)) ?? [])], [1, 2, 3]);
});

test('issuer and serial number beside it, or alone, are read over', () => {
  const issuer = 'a103820161';
  assert.deepEqual([...(unwrap(parse(`300b800101${issuer}82010f`)) ?? [])], [1]);
  assert.equal(unwrap(parse(`3008${issuer}82010f`)), undefined);
  assert.equal(unwrap(parse('3000')), undefined);
});

test('fail/issuer without serial number and the other way round, fail/more', () => {
  for (const hex of ['3005a103820161', '300382010f00', '3008800101a103820161', '30058001010500']) {
    assert.ok(!parse(hex).ok, hex);
  }
});
