/** Revocation: once, by exactly one caller. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { unwrap } from '@tegata/core/result';
import { openTestCa, subjectKey, type TestCa } from '../../../../test/support/ca.ts';

let ca: TestCa;
beforeEach(async () => {
  ca = await openTestCa();
});
afterEach(() => ca.store.close());

async function issue() {
  const { publicKeyInfo } = subjectKey();
  const identifiers = [{ type: 'dns', value: 'a.example' }];
  return unwrap(await ca.authority.issue({ identifiers, publicKeyInfo, profile: 'tls-server' }));
}

test('of many callers one revokes, the others hear that it was done', async () => {
  const { serial } = await issue();
  const outcomes = await Promise.all([4, 4, 5, 3].map((reason) => ca.authority.revoke(serial, reason as 3 | 4 | 5)));
  assert.equal(outcomes.filter((outcome) => outcome.ok).length, 1);
  assert.ok(outcomes.every((outcome) => outcome.ok || outcome.error === 'already-revoked'));
});

test('the time and the reason are kept', async () => {
  const { serial } = await issue();
  unwrap(await ca.authority.revoke(serial, 5));
  const stored = await ca.store.certificates.findBySerial(serial);
  assert.equal(stored?.revokedAt, ca.clock.now());
  assert.equal(stored.reason, 5);
});

test('only the reason keyCompromise blocks the key', async () => {
  const [superseded, compromised] = [await issue(), await issue()];
  unwrap(await ca.authority.revoke(superseded.serial, 4));
  unwrap(await ca.authority.revoke(compromised.serial, 1));
  assert.equal(await ca.store.certificates.isBlockedKey(superseded.keyDigest), false);
  assert.equal(await ca.store.certificates.isBlockedKey(compromised.keyDigest), true);
});

test('a compromise that is reported after another revocation still blocks the key', async () => {
  const { serial, keyDigest } = await issue();
  unwrap(await ca.authority.revoke(serial, 4));
  assert.deepEqual(await ca.authority.revoke(serial, 1), { ok: false, error: 'already-revoked' });
  assert.equal(await ca.store.certificates.isBlockedKey(keyDigest), true);
});

test('fail/a serial number that we never issued', async () => {
  assert.deepEqual(await ca.authority.revoke('00ff', 4), { ok: false, error: 'unknown' });
  assert.deepEqual(await ca.store.jobs.lease(['publish-crl'], 'test', ca.clock.now(), ca.clock.now() + 1, 9), []);
});
