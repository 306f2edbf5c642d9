/** CRLs: there from the start, fresh, complete soon after a revocation, with numbers that only grow. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { oid } from '@tegata/core/codec/oid';
import { unwrap } from '@tegata/core/result';
import { day, hour, minute, second } from '@tegata/core/time/duration';
import { parseCertificateList, verifyCertificateListSignature } from '@tegata/core/x509/crl';
import { findExtension } from '@tegata/core/x509/extension';
import { parseAuthorityKeyIdentifier } from '@tegata/core/x509/extensions/authority-key-identifier';
import { parseCrlNumber } from '@tegata/core/x509/extensions/crl-number';
import { parsePublicKeyInfo } from '@tegata/core/x509/public-key';
import { openTestCa, subjectKey, type TestCa, testStart } from '../../../../test/support/ca.ts';
import type { RevocationReason } from '../ports/stores/certificates.ts';
import type { Job } from '../ports/stores/jobs.ts';
import { type CrlPublisher, createCrlPublisher, createPublishCrlHandler } from './crl-publisher.ts';

let ca: TestCa;
let issuer: string;
beforeEach(async () => {
  ca = await openTestCa();
  issuer = ca.hierarchy.active().keyId;
  await ca.crls.maintain();
});
afterEach(() => ca.store.close());

const { publicKeyInfo } = subjectKey();

async function issueAndRevoke(reason: RevocationReason = 4): Promise<string> {
  const identifiers = [{ type: 'dns', value: 'a.example' }];
  const key = reason === 1 ? subjectKey().publicKeyInfo : publicKeyInfo;
  const { serial } = unwrap(await ca.authority.issue({ identifiers, publicKeyInfo: key, profile: 'tls-server' }));
  unwrap(await ca.authority.revoke(serial, reason));
  return serial;
}

async function read(publisher: CrlPublisher = ca.crls, keyId = issuer) {
  const crl = await publisher.current(keyId);
  assert.ok(crl !== undefined);
  const list = unwrap(parseCertificateList(crl.der));
  return { ...crl, list, serials: list.revoked.map((entry) => Buffer.from(entry.serial).toString('hex')) };
}

/** Does what the worker does with the jobs that are due. */
async function runJobs(handler = createPublishCrlHandler(ca.crls)): Promise<number> {
  const now = ca.clock.now();
  const jobs = await ca.store.jobs.lease(['publish-crl'], 'test', now, now + minute, 100);
  await Promise.all(jobs.map((job) => handler(job, AbortSignal.timeout(10_000))));
  await Promise.all(jobs.map((job) => ca.store.jobs.finish(job.id, 'test')));
  return jobs.length;
}

test('from the first start every CA has an empty CRL, signed, numbered, for seven days', async () => {
  for (const authority of [ca.hierarchy.root(), ca.hierarchy.active()]) {
    const { list, number } = await read(ca.crls, authority.keyId);
    const key = unwrap(parsePublicKeyInfo(authority.certificate.publicKeyInfo));
    assert.ok(verifyCertificateListSignature(list, key));
    assert.deepEqual(list.issuerDer, authority.certificate.subjectDer);
    assert.deepEqual(list.revoked, []);
    assert.equal(list.thisUpdate, testStart - hour);
    assert.equal(list.nextUpdate, testStart + 7 * day);
    const [keyId, crlNumber] = [oid.authorityKeyIdentifier, oid.crlNumber].map((id) =>
      findExtension(list.extensions, id),
    );
    assert.deepEqual(unwrap(parseAuthorityKeyIdentifier(keyId?.value as Uint8Array)), authority.keyIdentifier);
    assert.equal(unwrap(parseCrlNumber(crlNumber?.value as Uint8Array)), number);
    assert.equal(number, 1);
  }
});

test('a revocation makes a job, and the job a new CRL with the certificate and its reason', async () => {
  const compromised = await issueAndRevoke(1);
  const unspecified = await issueAndRevoke(0);
  assert.equal(await runJobs(), 2);
  const { list, serials, number } = await read();
  assert.deepEqual(serials, [compromised, unspecified].sort());
  assert.deepEqual(list.revoked.map((entry) => entry.reason ?? 0).sort(), [0, 1]);
  assert.equal(list.revoked[0]?.revokedAt, testStart);
  assert.equal(number, 2);
});

test('many revocations at once make one CRL', async () => {
  for (let count = 0; count < 12; count++) await issueAndRevoke();
  assert.equal(await runJobs(), 12);
  const { serials, number } = await read();
  assert.equal(serials.length, 12);
  assert.equal(number, 2);
});

test('a revocation while a CRL is being made is in the next one', async () => {
  await issueAndRevoke();
  const { certificates } = ca.store;
  let late = '';
  const slow = createCrlPublisher({
    ...ca,
    certificates: {
      ...certificates,
      revoked: async (...args) => {
        const list = await certificates.revoked(...args);
        if (late === '') late = await issueAndRevoke();
        return list;
      },
    },
  });
  await runJobs(createPublishCrlHandler(slow));
  assert.ok(!(await read(slow)).serials.includes(late));
  assert.equal(await runJobs(createPublishCrlHandler(slow)), 1);
  assert.ok((await read(slow)).serials.includes(late));
});

test('a CRL is made again every day, and not more often', async () => {
  ca.clock.advance(23 * hour);
  await ca.crls.maintain();
  assert.equal((await read()).number, 1);
  ca.clock.advance(hour);
  await ca.crls.maintain();
  const { number, nextUpdate } = await read();
  assert.equal(number, 2);
  assert.equal(nextUpdate, ca.clock.now() + 7 * day);
});

test('after a restart numbers go on, and a revocation whose job was lost in a crash is found', async () => {
  const serial = await issueAndRevoke();
  const [job] = await ca.store.jobs.lease(['publish-crl'], 'crashed', testStart, testStart + minute, 1);
  await ca.store.jobs.finish((job as Job).id, 'crashed');
  const restarted = await openTestCa({ store: ca.store, clock: ca.clock });
  await restarted.crls.maintain();
  const { number, serials } = await read(restarted.crls);
  assert.equal(number, 2);
  assert.deepEqual(serials, [serial]);
  await restarted.crls.maintain();
  assert.equal((await read(restarted.crls)).number, 2);
});

test('nodes that publish at the same moment agree on one CRL of each number', async () => {
  const serial = await issueAndRevoke();
  const nodes = await Promise.all(Array.from({ length: 4 }, () => openTestCa({ store: ca.store, clock: ca.clock })));
  await Promise.all(nodes.map((node) => node.crls.publishRevocation(issuer, serial)));
  const stored = await ca.store.certificates.loadCrl(issuer);
  assert.equal(stored?.number, 2);
  for (const node of nodes) {
    const { der, serials } = await read(node.crls);
    assert.deepEqual(serials, [serial]);
    assert.equal(Buffer.compare(der, (stored as { der: Uint8Array }).der), 0);
  }
});

test('what another node published is served within ten seconds', async () => {
  const other = await openTestCa({ store: ca.store, clock: ca.clock });
  await read(other.crls);
  const serial = await issueAndRevoke();
  await runJobs();
  ca.clock.advance(10 * second);
  assert.deepEqual((await read(other.crls)).serials, [serial]);
});

test('a certificate that was revoked stays listed until after its end', async () => {
  const serial = await issueAndRevoke();
  await runJobs();
  ca.clock.advance(90 * day + hour);
  await ca.crls.maintain();
  assert.deepEqual((await read()).serials, [serial], 'one CRL after the end still lists it');
  ca.clock.advance(3 * day);
  await ca.crls.maintain();
  assert.deepEqual((await read()).serials, []);
});

test('a clock set back makes a CRL that is valid by that clock, with a higher number', async () => {
  ca.clock.advance(-30 * day);
  await ca.crls.maintain();
  const { thisUpdate, number } = await read();
  assert.equal(number, 2);
  assert.ok(thisUpdate <= ca.clock.now());
});

test('CRLs of a CA that has a successor go on', async () => {
  ca.clock.advance(9.5 * 365 * day);
  await ca.hierarchy.maintain();
  ca.clock.advance(2 * day);
  await ca.crls.maintain();
  assert.equal(ca.hierarchy.issuing().length, 2);
  for (const { keyId } of ca.hierarchy.issuing()) {
    assert.ok((await read(ca.crls, keyId)).nextUpdate > ca.clock.now());
  }
});

test('a CA whose own certificate has ended gets no more CRLs', async () => {
  ca.clock.set(ca.hierarchy.active().certificate.notAfter + 8 * day);
  await ca.crls.maintain();
  assert.equal((await read()).number, 1);
  assert.equal((await read(ca.crls, ca.hierarchy.root().keyId)).number, 2);
});

test('an unknown issuer has no CRL, and a job for one is done', async () => {
  assert.equal(await ca.crls.current('ffffffffffffffffffff'), undefined);
  await ca.crls.publishRevocation('ffffffffffffffffffff', '00');
});

test('fail/a store that fails once does not stop later publications', async () => {
  const serial = await issueAndRevoke();
  const { certificates } = ca.store;
  let failures = 1;
  const shaky = createCrlPublisher({
    ...ca,
    certificates: {
      ...certificates,
      putCrl: (...args) => (failures-- > 0 ? Promise.reject(new Error('disk full')) : certificates.putCrl(...args)),
    },
  });
  await assert.rejects(shaky.publishRevocation(issuer, serial), /disk full/);
  await shaky.publishRevocation(issuer, serial);
  assert.deepEqual((await read(shaky)).serials, [serial]);
});
