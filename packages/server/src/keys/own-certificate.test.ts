/** The server's own certificate: issued, shared, renewed, replaced when its names change. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, beforeEach, test } from 'node:test';
import { createSecureContext } from 'node:tls';
import { unwrap } from '@tegata/core/result';
import { day } from '@tegata/core/time/duration';
import { openTestCa, type TestCa, testWrapping } from '../../../../test/support/ca.ts';
import type { AcmeIdentifier } from '../ports/stores/orders.ts';
import { type OwnCertificateDeps, openOwnCertificate, type TlsMaterial } from './own-certificate.ts';

const localhost: readonly AcmeIdentifier[] = [
  { type: 'dns', value: 'localhost' },
  { type: 'ip', value: '127.0.0.1' },
  { type: 'ip', value: '::1' },
];

let ca: TestCa;
let changes: TlsMaterial[];
const opened: TestCa[] = [];
beforeEach(async () => {
  ca = await openTestCa();
  opened.push(ca);
  changes = [];
});
after(() => Promise.all(opened.map((one) => one.store.close())));

const open = (change: Partial<OwnCertificateDeps> = {}) =>
  openOwnCertificate({
    authority: ca.authority,
    keys: ca.store.keys,
    certificates: ca.store.certificates,
    wrapping: testWrapping,
    clock: ca.clock,
    names: localhost,
    algorithm: 'ES256',
    profile: 'tls-server',
    onChange: (material) => changes.push(material),
    ...change,
  });

test('the certificate is for the given names, comes with its chain, and a TLS server takes it', async () => {
  const { keyPem, certificatePem } = unwrap(await open()).current();
  const leaf = new X509Certificate(certificatePem);
  assert.equal(leaf.checkHost('localhost'), 'localhost');
  assert.equal(leaf.checkIP('127.0.0.1'), '127.0.0.1');
  assert.equal(leaf.checkIP('::1'), '::1');
  assert.equal(certificatePem.split('BEGIN CERTIFICATE').length - 1, 2);
  createSecureContext({ key: keyPem, cert: certificatePem });
});

test('a restart uses the same certificate', async () => {
  const first = unwrap(await open()).current();
  assert.equal(unwrap(await open()).current().certificatePem, first.certificatePem);
});

test('it is renewed after two thirds of its life, and the listener is told once', async () => {
  const own = unwrap(await open());
  const first = own.current();
  ca.clock.advance(59 * day);
  await own.maintain();
  assert.deepEqual(changes, []);
  ca.clock.advance(day);
  await own.maintain();
  await own.maintain();
  assert.equal(changes.length, 1);
  assert.equal(own.current(), changes[0]);
  assert.ok(own.current().notAfter > first.notAfter);
  assert.notEqual(own.current().keyPem, first.keyPem);
});

test('what another node renewed is taken over', async () => {
  const [here, there] = [unwrap(await open()), unwrap(await open())];
  ca.clock.advance(61 * day);
  await here.maintain();
  await there.maintain();
  assert.equal(there.current().certificatePem, here.current().certificatePem);
  assert.equal((await ca.store.keys.list('tls')).length, 2);
});

test('expired keys are removed from the store', async () => {
  const own = unwrap(await open());
  ca.clock.advance(61 * day);
  await own.maintain();
  ca.clock.advance(31 * day);
  await own.maintain();
  assert.equal((await ca.store.keys.list('tls')).length, 1);
});

test('other names, another algorithm or a revocation make a new certificate at the next start', async () => {
  const first = unwrap(await open()).current();
  const more = [...localhost, { type: 'dns', value: 'box.example' }];
  const wider = unwrap(await open({ names: more })).current();
  assert.notEqual(wider.certificatePem, first.certificatePem);
  assert.equal(new X509Certificate(wider.certificatePem).checkHost('box.example'), 'box.example');
  const rsa = unwrap(await open({ algorithm: 'RS256' })).current();
  assert.equal(new X509Certificate(rsa.certificatePem).publicKey.asymmetricKeyType, 'rsa');
  for (const { certificatePem } of [first, wider]) {
    unwrap(await ca.authority.revoke(new X509Certificate(certificatePem).serialNumber.toLowerCase(), 4));
  }
  const again = unwrap(await open()).current();
  assert.ok(![first, wider].some((old) => old.certificatePem === again.certificatePem));
});

test('a clock set back does not make a certificate at every look', async () => {
  const own = unwrap(await open());
  ca.clock.advance(-400 * day);
  for (let look = 0; look < 4; look++) await own.maintain();
  assert.ok((await ca.store.keys.list('tls')).length <= 2);
  ca.clock.advance(400 * day);
  await own.maintain();
  const leaf = new X509Certificate(own.current().certificatePem);
  assert.ok(Date.parse(leaf.validFrom) <= ca.clock.now() && ca.clock.now() < Date.parse(leaf.validTo));
});

test('fail/a name that no certificate can hold: one sentence that says where to look', async () => {
  const own = await open({ names: [{ type: 'dns', value: 'my_box' }] });
  assert.ok(!own.ok);
  assert.match(own.error, /for my_box cannot be issued; correct the issuer or listen address/);
});
