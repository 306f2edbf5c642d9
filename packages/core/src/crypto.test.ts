import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import * as crypto from './crypto.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('digests', () => {
  it('are those of FIPS 180 for "abc" (NIST example values)', () => {
    assert.equal(hex(crypto.digest('sha1', 'abc')), 'a9993e364706816aba3e25717850c26c9cd0d89d');
    assert.equal(hex(crypto.sha256('abc')), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    assert.deepEqual(crypto.digest('sha256', Buffer.from('abc')), crypto.sha256('abc'));
    assert.equal(
      hex(crypto.digest('sha384', 'abc')),
      'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7',
    );
    assert.equal(hex(crypto.digest('sha512', 'abc')).slice(0, 32), 'ddaf35a193617abacc417349ae204131');
  });

  it('include HMAC-SHA-256 (RFC 4231 section 4.3)', () => {
    assert.equal(
      hex(crypto.hmacSha256(Buffer.from('Jefe'), 'what do ya want for nothing?')),
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });
});

describe('constantTimeEqual', () => {
  it('compares content, and lengths without throwing', () => {
    assert.equal(crypto.constantTimeEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 2)), true);
    assert.equal(crypto.constantTimeEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 3)), false);
    assert.equal(crypto.constantTimeEqual(Uint8Array.of(1, 2), Uint8Array.of(1)), false);
    assert.equal(crypto.constantTimeEqual(new Uint8Array(), new Uint8Array()), true);
  });
});

describe('randomFill', () => {
  it('fills the array it is given and returns it', () => {
    const target = new Uint8Array(64);
    assert.equal(crypto.randomFill(target), target);
    assert.notDeepEqual(target, new Uint8Array(64));
  });
});

describe('signatures', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const scheme = { hash: 'sha256' } as const;
  const data = Buffer.from('data');

  it('verify whether made on this thread or in the pool, as r||s', async () => {
    for (const signature of [
      crypto.signNow(scheme, privateKey, data),
      await crypto.signInPool(scheme, privateKey, data),
    ]) {
      assert.equal(signature.byteLength, 64);
      assert.equal(crypto.verifyWith(scheme, publicKey, data, signature), true);
      assert.equal(crypto.verifyWith(scheme, publicKey, Buffer.from('other'), signature), false);
    }
  });

  it('that cannot be read are false, and a key that cannot sign rejects', async () => {
    assert.equal(crypto.verifyWith(scheme, publicKey, data, new Uint8Array()), false);
    assert.equal(crypto.verifyWith({ hash: 'sha256', padding: 'pss' }, publicKey, data, new Uint8Array(64)), false);
    await assert.rejects(async () => crypto.signInPool(scheme, publicKey, data));
  });
});

describe('AES-256-GCM', () => {
  const of = (text: string): Uint8Array => Buffer.from(text, 'hex');

  it('gives test case 16 of the GCM specification (McGrew and Viega, appendix B)', () => {
    const key = of('feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308');
    const nonce = of('cafebabefacedbaddecaf888');
    const associated = of('feedfacedeadbeeffeedfacedeadbeefabaddad2');
    const plaintext = of(
      'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
    );
    const sealed = crypto.aesGcmSeal(key, nonce, associated, plaintext);
    assert.equal(
      hex(sealed),
      '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662' +
        '76fc6ece0f4e1768cddf8853bb2d551b',
    );
    assert.equal(hex(crypto.aesGcmOpen(key, nonce, associated, sealed) ?? new Uint8Array()), hex(plaintext));
    assert.equal(crypto.aesGcmOpen(key, nonce, of(''), sealed), undefined);
    assert.equal(crypto.aesGcmOpen(key, nonce, associated, sealed.subarray(0, 15)), undefined);
  });
});
