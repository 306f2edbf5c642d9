/** Root and issuing CAs: made once, shared by all nodes, succeeded in time. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, test } from 'node:test';
import { unwrap } from '@tegata/core/result';
import { manualClock } from '@tegata/core/time/clock';
import { day } from '@tegata/core/time/duration';
import { formatName } from '@tegata/core/x509/name';
import { openTestCa, openTestStore, subjectKey, type TestCaOptions, testStart } from '../../../../test/support/ca.ts';

const stores: { close(): Promise<void> }[] = [];
after(() => Promise.all(stores.map((store) => store.close())));

async function open(options: TestCaOptions = {}) {
  const ca = await openTestCa(options);
  if (options.store === undefined) stores.push(ca.store);
  return ca;
}

const year = 365.25 * day;

test('a root of 20 years and an issuing CA of 10, each with the constraints of its place', async () => {
  const { hierarchy } = await open();
  const root = new X509Certificate(hierarchy.root().certificate.der);
  const issuing = new X509Certificate(hierarchy.active().certificate.der);
  assert.ok(root.ca && issuing.ca);
  assert.ok(root.verify(root.publicKey) && issuing.verify(root.publicKey) && issuing.checkIssued(root));
  assert.ok(Math.abs(Date.parse(root.validTo) - testStart - 20 * year) < 2 * day);
  assert.ok(Math.abs(Date.parse(issuing.validTo) - testStart - 10 * year) < 2 * day);
  assert.equal(root.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1');
});

test('two installations have different names', async () => {
  const [a, b] = [await open(), await open()];
  const nameOf = ({ hierarchy }: typeof a) => formatName(hierarchy.root().certificate.subject);
  assert.match(nameOf(a), /^CN=Tegata Root CA [2-9A-Z]{6},O=Tegata$/);
  assert.notEqual(nameOf(a), nameOf(b));
});

test('a restart, and another node, find the same hierarchy', async () => {
  const first = await open();
  const second = await open({ store: first.store });
  assert.deepEqual(second.hierarchy.root().certificate.der, first.hierarchy.root().certificate.der);
  assert.equal(second.hierarchy.active().pem, first.hierarchy.active().pem);
});

test('nodes that start together agree on one root and one issuing CA', async () => {
  const store = await openTestStore();
  stores.push(store);
  const nodes = await Promise.all(Array.from({ length: 4 }, () => open({ store })));
  assert.equal(new Set(nodes.map(({ hierarchy }) => hierarchy.root().keyId)).size, 1);
  assert.equal(new Set(nodes.map(({ hierarchy }) => hierarchy.active().keyId)).size, 1);
  assert.equal((await store.keys.list()).length, 2);
  const { hierarchy } = nodes[0] as (typeof nodes)[number];
  const root = new X509Certificate(hierarchy.root().certificate.der);
  assert.ok(new X509Certificate(hierarchy.active().certificate.der).verify(root.publicKey));
});

test('a crash after the root leaves a hierarchy that the next start completes', async () => {
  const first = await open();
  await first.store.keys.remove(first.hierarchy.active().keyId);
  const { hierarchy } = await open({ store: first.store });
  assert.equal(hierarchy.root().keyId, first.hierarchy.root().keyId);
  assert.equal(hierarchy.issuing().length, 1);
});

for (const algorithm of ['RS256', 'ES384', 'Ed25519'] as const) {
  test(`a hierarchy of ${algorithm} keys issues`, async () => {
    const { authority, hierarchy } = await open({ algorithm });
    const { publicKeyInfo } = subjectKey();
    const identifiers = [{ type: 'dns', value: 'a.example' }];
    const { der } = unwrap(await authority.issue({ identifiers, publicKeyInfo, profile: 'tls-server' }));
    const issuing = new X509Certificate(hierarchy.active().certificate.der);
    assert.ok(new X509Certificate(der).verify(issuing.publicKey));
    if (algorithm === 'RS256') assert.equal(issuing.publicKey.asymmetricKeyDetails?.modulusLength, 3072);
  });
}

test('an issuing CA gets a successor a year before its end, known a day before it issues', async () => {
  const { hierarchy, clock, authority, store } = await open();
  const first = hierarchy.active().keyId;
  clock.set(testStart + 9 * year - 2 * day);
  await hierarchy.maintain();
  assert.equal(hierarchy.issuing().length, 1);
  clock.advance(4 * day);
  await hierarchy.maintain();
  await hierarchy.maintain();
  assert.equal(hierarchy.issuing().length, 2);
  assert.equal(hierarchy.active().keyId, first);
  clock.advance(day);
  assert.notEqual(hierarchy.active().keyId, first);
  const { publicKeyInfo } = subjectKey();
  const identifiers = [{ type: 'dns', value: 'a.example' }];
  const record = unwrap(await authority.issue({ identifiers, publicKeyInfo, profile: 'tls-server' }));
  assert.equal(record.issuer, hierarchy.active().keyId);
  // The first CA still has certificates out there: it stays known, with its CRL.
  assert.ok(hierarchy.find(first) !== undefined);
  const restarted = await open({ store, clock });
  assert.equal(restarted.hierarchy.active().keyId, hierarchy.active().keyId);
});

test('near the end of the root nothing outlives it and no successor is made', async () => {
  const { hierarchy, clock } = await open();
  clock.set(testStart + 9.5 * year);
  await hierarchy.maintain();
  clock.set(testStart + 19.5 * year);
  await hierarchy.maintain();
  const ends = hierarchy.issuing().map((issuer) => issuer.certificate.notAfter);
  assert.ok(ends.every((end) => end <= hierarchy.root().certificate.notAfter));
  const before = hierarchy.issuing().length;
  await hierarchy.maintain();
  assert.equal(hierarchy.issuing().length, before);
});

test('when the public address changes, the issuing CA is certified again with the same key and name', async () => {
  const first = await open({ base: 'http://localhost:8080' });
  const before = first.hierarchy.active();
  const { hierarchy } = await open({ store: first.store, base: 'http://ca.corp.example' });
  const now = hierarchy.active();
  assert.equal(now.keyId, before.keyId);
  assert.deepEqual(now.certificate.subjectDer, before.certificate.subjectDer);
  assert.equal(now.certificate.notAfter, before.certificate.notAfter);
  assert.notDeepEqual(now.certificate.serial, before.certificate.serial);
  assert.match(
    new X509Certificate(now.certificate.der).infoAccess ?? '',
    /http:\/\/ca\.corp\.example\/ca\/[0-9a-f]{20}\.crt/,
  );
  const again = await open({ store: first.store, base: 'http://ca.corp.example' });
  assert.deepEqual(again.hierarchy.active().certificate.der, now.certificate.der, 'and only once');
});

test('a clock set back to before the CA existed does not stop the start', async () => {
  const first = await open();
  const clock = manualClock(testStart - 400 * day);
  const { hierarchy } = await open({ store: first.store, clock, base: 'http://elsewhere.example' });
  await hierarchy.maintain();
  assert.equal(hierarchy.active().keyId, first.hierarchy.active().keyId);
});

test('fail/a CA key without its certificate: the sentence says what to do', async () => {
  const first = await open();
  const { keyId } = first.hierarchy.active();
  await first.store.keys.update(keyId, { certificate: Uint8Array.of(0x30, 0x00) });
  await assert.rejects(open({ store: first.store }), /CA key [0-9a-f]+ .* restore the store from your backup/);
});
