/** Issuing: the intent before the signature, once for each order, whatever crashes or runs twice. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, test } from 'node:test';
import { unwrap } from '@tegata/core/result';
import { day, hour, minute } from '@tegata/core/time/duration';
import { parseCertificate } from '@tegata/core/x509/certificate';
import { openTestCa, subjectKey, type TestCa, testRandom, testStart } from '../../../../test/support/ca.ts';
import { storeProcessingOrder } from '../../../../test/support/processing-order.ts';
import type { IssuanceRequest } from '../ports/certificate-authority.ts';
import type { CertificateIntent, CertificateStore } from '../ports/stores/certificates.ts';

const { publicKeyInfo } = subjectKey();
const request: IssuanceRequest = {
  identifiers: [
    { type: 'dns', value: 'a.example' },
    { type: 'dns', value: '*.a.example' },
  ],
  publicKeyInfo,
  profile: 'tls-server',
};

let ca: TestCa;
beforeEach(async () => {
  ca = await openTestCa();
});
afterEach(() => ca.store.close());

/** The same CA with some store methods replaced, as a node that fails in a certain place. */
function withStore(change: (certificates: CertificateStore) => Partial<CertificateStore>): Promise<TestCa> {
  const certificates = { ...ca.store.certificates, ...change(ca.store.certificates) };
  const { store, clock } = ca;
  return openTestCa({ store, clock, deps: { certificates } });
}

async function refusal(change: Partial<IssuanceRequest>): Promise<string> {
  const issued = await ca.authority.issue({ ...request, ...change });
  assert.ok(!issued.ok && issued.error.kind === 'refused');
  return issued.error.detail;
}

test('the certificate is what was asked for, and the store has it', async () => {
  const record = unwrap(await ca.authority.issue(request));
  const leaf = new X509Certificate(record.der);
  assert.equal(leaf.subjectAltName, 'DNS:a.example, DNS:*.a.example');
  assert.equal(leaf.subject, 'CN=a.example');
  assert.equal(leaf.serialNumber.toLowerCase(), record.serial);
  assert.equal(leaf.ca, false);
  assert.deepEqual(leaf.publicKey.export({ format: 'der', type: 'spki' }), Buffer.from(publicKeyInfo));
  assert.equal(Date.parse(leaf.validTo), record.notAfter);
  assert.equal(record.notAfter - record.notBefore, 90 * day - 1000);
  const stored = await ca.store.certificates.load(record.id);
  assert.deepEqual(stored?.der, record.der);
  assert.deepEqual(stored?.identifiers, request.identifiers);
});

test('the chain is the leaf and the issuing CA, without the root', async () => {
  const chain = ca.authority.chainPem(unwrap(await ca.authority.issue(request)));
  const [leaf, issuing, ...rest] = chain
    .split(/(?<=-----END CERTIFICATE-----\n)/)
    .map((pem) => new X509Certificate(pem));
  assert.deepEqual(rest, []);
  assert.ok(leaf !== undefined && issuing !== undefined);
  assert.ok(leaf.checkIssued(issuing) && leaf.verify(issuing.publicKey));
  assert.deepEqual(issuing.raw, Buffer.from(ca.hierarchy.active().certificate.der));
});

test('with an order, certificate and order are concluded together', async () => {
  const order = await storeProcessingOrder(ca.store, testRandom, testStart);
  const record = unwrap(await ca.authority.issue({ ...request, order }));
  const stored = await ca.store.orders.load(order.orderId, testStart);
  assert.equal(stored?.status, 'valid');
  assert.equal(stored.certificate, record.id);
});

test('after a crash between intent and completion the stored bytes are signed, not new ones', async () => {
  const order = await storeProcessingOrder(ca.store, testRandom, testStart);
  const failing = await withStore(() => ({ complete: () => Promise.reject(new Error('crash')) }));
  await assert.rejects(failing.authority.issue({ ...request, order }), /crash/);
  const intent = (await ca.store.certificates.findIntent(order.orderId)) as CertificateIntent;
  ca.clock.advance(10 * minute);
  const record = unwrap(await ca.authority.issue({ ...request, order }));
  assert.equal(record.serial, intent.serial);
  assert.deepEqual(Buffer.from(unwrap(parseCertificate(record.der)).tbs), Buffer.from(intent.tbs));
});

test('nothing is signed before the intent is stored', async () => {
  const order = await storeProcessingOrder(ca.store, testRandom, testStart);
  let signatures = 0;
  const { hierarchy, store, clock } = ca;
  const counted = {
    ...hierarchy.active(),
    signer: {
      ...hierarchy.active().signer,
      sign: (data: Uint8Array) => {
        signatures++;
        return hierarchy.active().signer.sign(data);
      },
    },
  };
  const watched = { ...hierarchy, active: () => counted, find: () => counted };
  const certificates = { ...store.certificates, recordIntent: () => Promise.reject(new Error('disk full')) };
  const node = await openTestCa({ store, clock, deps: { hierarchy: watched, certificates } });
  await assert.rejects(node.authority.issue({ ...request, order }), /disk full/);
  assert.equal(signatures, 0);
  unwrap(
    await (await openTestCa({ store, clock, deps: { hierarchy: watched } })).authority.issue({ ...request, order }),
  );
  assert.equal(signatures, 1);
});

test('an intent of another key, or one that waited for more than two days, is not signed', async () => {
  const failing = await withStore(() => ({ complete: () => Promise.reject(new Error('crash')) }));
  for (const [advance, change] of [
    [0, { publicKeyInfo: subjectKey().publicKeyInfo }],
    [49 * hour, {}],
  ] as const) {
    const order = await storeProcessingOrder(ca.store, testRandom, ca.clock.now());
    await assert.rejects(failing.authority.issue({ ...request, order }), /crash/);
    const intent = await ca.store.certificates.findIntent(order.orderId);
    ca.clock.advance(advance);
    const record = unwrap(await ca.authority.issue({ ...request, ...change, order }));
    assert.notEqual(record.serial, intent?.serial);
  }
});

test('many attempts for one order at once give one certificate; whoever comes too late hears that', async () => {
  const order = await storeProcessingOrder(ca.store, testRandom, testStart);
  const nodes = await Promise.all(Array.from({ length: 5 }, () => openTestCa({ store: ca.store, clock: ca.clock })));
  const outcomes = await Promise.all(nodes.map((node) => node.authority.issue({ ...request, order })));
  const issued = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value] : []));
  assert.equal(new Set(issued.map((record) => Buffer.from(record.der).toString('hex'))).size, 1);
  for (const outcome of outcomes) assert.ok(outcome.ok || outcome.error.kind === 'superseded');
  const stored = await ca.store.orders.load(order.orderId, testStart);
  assert.equal(stored?.status, 'valid');
  assert.equal(stored.certificate, issued[0]?.id);
});

test('an attempt whose intent another node replaced completes that other intent', async () => {
  const order = await storeProcessingOrder(ca.store, testRandom, testStart);
  // The other node records its intent after ours and crashes before it signs.
  const other = await withStore(() => ({
    findIntent: async () => undefined,
    complete: () => Promise.reject(new Error('crash')),
  }));
  const node = await withStore(({ recordIntent }) => ({
    recordIntent: async (intent) => {
      const recorded = await recordIntent(intent);
      await assert.rejects(other.authority.issue({ ...request, order }), /crash/);
      return recorded;
    },
  }));
  const record = unwrap(await node.authority.issue({ ...request, order }));
  assert.equal((await ca.store.orders.load(order.orderId, testStart))?.certificate, record.id);
});

test('fail/an order that was ended meanwhile gets nothing', async () => {
  const order = await storeProcessingOrder(ca.store, testRandom, testStart);
  await ca.store.orders.failProcessing(order.orderId, {}, order.jobId);
  const issued = await ca.authority.issue({ ...request, order });
  assert.deepEqual(issued, { ok: false, error: { kind: 'superseded' } });
});

test('a serial number that is taken is drawn again', async () => {
  let duplicates = 0;
  const node = await withStore(({ recordIntent }) => ({
    recordIntent: (intent) => (duplicates++ < 2 ? Promise.resolve('duplicate') : recordIntent(intent)),
  }));
  unwrap(await node.authority.issue(request));
  assert.equal(duplicates, 3);
});

test('fail/a generator that repeats itself is a defect, not an endless loop', async () => {
  const node = await withStore(() => ({ recordIntent: () => Promise.resolve('duplicate') }));
  await assert.rejects(node.authority.issue(request), /generator is broken/);
});

test('fail/a key that was reported compromised', async () => {
  const record = unwrap(await ca.authority.issue(request));
  unwrap(await ca.authority.revoke(record.serial, 1));
  assert.match(await refusal({}), /compromised/);
  assert.ok((await ca.authority.issue({ ...request, publicKeyInfo: subjectKey().publicKeyInfo })).ok);
});

test('fail/requests that the profile cannot express', async () => {
  assert.match(
    await refusal({ profile: 'email' }),
    /no certificate profile "email"; there are tls-server, tls-server-short/,
  );
  assert.match(await refusal({ identifiers: [] }), /at least one/);
  assert.match(await refusal({ identifiers: [{ type: 'email', value: 'a@a.example' }] }), /type email/);
  assert.match(await refusal({ identifiers: [{ type: 'ip', value: 'a.example' }] }), /not an identifier of type ip/);
  assert.match(await refusal({ identifiers: [{ type: 'dns', value: 'ü.example' }] }), /not an identifier of type dns/);
  assert.match(await refusal({ publicKeyInfo: Uint8Array.of(0x30, 0x00) }), /public key cannot be certified/);
  assert.match(await refusal({ notAfter: testStart + 91 * day }), /notAfter may not be later/);
});

test('what would be refused can be asked before', () => {
  const { authority } = ca;
  assert.equal(authority.refusalOf(request, testStart), undefined);
  assert.match(authority.refusalOf({ ...request, profile: 'x' }, testStart) ?? '', /no certificate profile/);
  assert.match(authority.refusalOf({ ...request, notAfter: testStart }, testStart) ?? '', /in the past/);
  const mail = [{ type: 'email', value: 'a@a.example' }];
  assert.match(authority.refusalOf({ ...request, identifiers: mail }, testStart) ?? '', /type email/);
});

test('fail/a certificate that the lints refuse is not stored, let alone signed', async () => {
  const issued = await ca.authority.issue({ ...request, identifiers: [{ type: 'dns', value: 'UPPER.example' }] });
  assert.ok(!issued.ok && issued.error.kind === 'lint');
  assert.match(issued.error.findings.join(), /dns-name-syntax: UPPER\.example is not a host name/);
});

test('fail/the certificate of a CA that is gone', async () => {
  const record = unwrap(await ca.authority.issue(request));
  assert.throws(() => ca.authority.chainPem({ ...record, issuer: 'ffff' }), /issuer ffff/);
});

test('a common name of more than 64 characters is left out, and the names become critical', async () => {
  const long = `${'a'.repeat(60)}.example`;
  const record = unwrap(await ca.authority.issue({ ...request, identifiers: [{ type: 'dns', value: long }] }));
  assert.equal(new X509Certificate(record.der).subject ?? '', '');
});

test('an address alone gives no common name', async () => {
  const record = unwrap(await ca.authority.issue({ ...request, identifiers: [{ type: 'ip', value: '2001:db8::1' }] }));
  const leaf = new X509Certificate(record.der);
  assert.equal(leaf.checkIP('2001:db8::1'), '2001:db8::1');
  assert.equal(leaf.subject ?? '', '');
});

test('a clock that shows a time before the CA existed issues from the CA on', async () => {
  ca.clock.set(testStart - 400 * day);
  const record = unwrap(await ca.authority.issue(request));
  assert.equal(record.notBefore, ca.hierarchy.active().certificate.notBefore);
});
