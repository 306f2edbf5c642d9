import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { CompactSign, compactVerify } from 'jose';
import { testKeyFor } from '../../../../test/support/jose-keys.ts';
import { signNow } from '../crypto.ts';
import { unwrap } from '../result.ts';
import { findJwsAlgorithm, type JwsAlgorithm, jwsAlgorithms, keyFits, verifySignature } from './algorithms.ts';
import { type PublicKey, parsePublicJwk } from './jwk.ts';
import { verifyJws } from './jws.ts';
import { parseCompact } from './jws-compact.ts';

const rows: readonly JwsAlgorithm[] = jwsAlgorithms;

function marked(row: JwsAlgorithm, members: { alg?: string; use?: string; key_ops?: readonly string[] }): PublicKey {
  return unwrap(parsePublicJwk({ ...testKeyFor(row).jwk, ...members }));
}

describe('the rows', () => {
  it('are found by their exact name', () => {
    for (const row of rows) {
      assert.equal(findJwsAlgorithm(row.name), row);
      assert.equal(
        row.name === row.name.toLowerCase() ? undefined : findJwsAlgorithm(row.name.toLowerCase()),
        undefined,
      );
    }
  });

  it('hold no MAC, no "none", and no retired algorithm', () => {
    for (const name of [
      'none',
      'None',
      'HS256',
      'HS384',
      'HS512',
      'RS1',
      'RSA1_5',
      'ES256K',
      'Ed448',
      '',
      ' ES256',
      '__proto__',
      'constructor',
    ]) {
      assert.equal(findJwsAlgorithm(name), undefined, name);
    }
  });
});

for (const row of rows) {
  describe(row.name, () => {
    const { privateKey, key } = testKeyFor(row);
    const header = Buffer.from(JSON.stringify({ alg: row.name })).toString('base64url');
    const runs = row.keyType === 'RSA' || row.curve === 'P-521' ? 3 : 8;

    it('verifies what the jose package signs', async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array(), async (payload) => {
          const token = await new CompactSign(payload).setProtectedHeader({ alg: row.name, kid: 'k' }).sign(privateKey);
          const jws = unwrap(parseCompact(token));
          assert.deepEqual(Uint8Array.from(jws.payload), payload);
          assert.deepEqual(verifyJws(jws, [row.name], [key]), { ok: true, value: undefined });
        }),
        { numRuns: runs },
      );
    });

    it('signs what the jose package verifies', async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array(), async (payload) => {
          const signingInput = `${header}.${Buffer.from(payload).toString('base64url')}`;
          const signature = signNow(row, privateKey, Buffer.from(signingInput));
          if (row.signatureBytes !== undefined) assert.equal(signature.byteLength, row.signatureBytes);
          const token = `${signingInput}.${Buffer.from(signature).toString('base64url')}`;
          const verified = await compactVerify(token, key.keyObject, { algorithms: [row.name] });
          assert.deepEqual(Uint8Array.from(verified.payload), payload);
        }),
        { numRuns: runs },
      );
    });

    it('refuses a changed signature, changed data and every wrong length', () => {
      const data = Buffer.from('data');
      const signature = signNow(row, privateKey, data);
      assert.equal(verifySignature(row, key, data, signature), true);
      for (const at of [0, signature.byteLength >> 1, signature.byteLength - 1]) {
        const changed = Uint8Array.from(signature);
        changed[at] = (changed[at] as number) ^ 1;
        assert.equal(verifySignature(row, key, data, changed), false);
      }
      assert.equal(verifySignature(row, key, Buffer.from('Data'), signature), false);
      const wrong = [
        new Uint8Array(),
        signature.subarray(1),
        signature.subarray(0, -1),
        Buffer.concat([signature, Buffer.alloc(1)]),
      ];
      for (const bytes of wrong)
        assert.equal(verifySignature(row, key, data, bytes), false, `${bytes.byteLength} bytes`);
    });

    it('fits keys of its own kind alone', () => {
      for (const other of rows) {
        const sameKind = other.keyType === row.keyType && other.curve === row.curve;
        assert.equal(keyFits(row, testKeyFor(other).key), sameKind, other.name);
      }
    });

    it("obeys the key's own alg, use and key_ops", () => {
      for (const other of rows) {
        const fits = other.name === row.name || other.synonym === row.name;
        assert.equal(keyFits(row, marked(row, { alg: other.name })), fits, other.name);
      }
      assert.equal(keyFits(row, marked(row, { alg: row.name.toLowerCase() })), false);
      assert.equal(keyFits(row, marked(row, { use: 'sig' })), true);
      assert.equal(keyFits(row, marked(row, { use: 'enc' })), false);
      assert.equal(keyFits(row, marked(row, { key_ops: ['verify'] })), true);
      assert.equal(keyFits(row, marked(row, { key_ops: ['encrypt'] })), false);
      assert.equal(keyFits(row, marked(row, { key_ops: [] })), false);
      const data = Buffer.from('data');
      assert.equal(verifySignature(row, marked(row, { use: 'enc' }), data, signNow(row, privateKey, data)), false);
    });
  });
}
