import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { testKeyFor } from '../../../../test/support/jose-keys.ts';
import { findJwsAlgorithm, verifySignature } from './algorithms.ts';
import { createLocalSigner } from './local-signer.ts';
import type { SignerAlgorithm } from './signer.ts';

const data = Buffer.from('to be signed');

describe('createLocalSigner', () => {
  const algorithms = { ES256: true, Ed25519: true, EdDSA: true, ES384: false, RS256: false, PS256: false } as const;
  for (const [algorithm, atOnce] of Object.entries(algorithms) as [SignerAlgorithm, boolean][]) {
    it(`signs ${algorithm} ${atOnce ? 'at once' : 'through the thread pool'}`, async () => {
      const row = findJwsAlgorithm(algorithm);
      assert.ok(row);
      const { privateKey, jwk, key } = testKeyFor(row);
      const signer = createLocalSigner('k1', algorithm, privateKey);
      assert.deepEqual([signer.keyId, signer.algorithm, signer.publicKey], ['k1', algorithm, jwk]);
      const signature = signer.sign(data);
      assert.equal(signature instanceof Uint8Array, atOnce);
      assert.equal(verifySignature(row, key, data, await signature), true);
      assert.equal(verifySignature(row, key, Buffer.from('other'), await signature), false);
    });
  }

  it('throws for a key of another algorithm', () => {
    const rsa = testKeyFor({ name: 'RS256', keyType: 'RSA', hash: 'sha256' }).privateKey;
    assert.throws(() => createLocalSigner('k', 'ES256', rsa), /RSA key, which ES256 cannot use/);
    const p384 = testKeyFor({ name: 'ES384', keyType: 'EC', curve: 'P-384', hash: 'sha384' }).privateKey;
    assert.throws(() => createLocalSigner('k', 'ES256', p384), /P-384 key/);
  });
});
