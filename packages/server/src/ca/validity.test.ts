/** The validity period: profile, request and issuer together. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unwrap } from '@tegata/core/result';
import { day, hour, minute, second } from '@tegata/core/time/duration';
import { tlsServer } from './profiles/tls-server.ts';
import { decideValidity } from './validity.ts';

const now = Date.UTC(2026, 8, 1, 12, 0, 0, 789);
const whole = now - 789;
const issuer = { notBefore: whole - 30 * day, notAfter: whole + 3000 * day };

function refusal(requested: Parameters<typeof decideValidity>[0]): string {
  const result = decideValidity(requested, tlsServer, issuer, now);
  assert.ok(!result.ok);
  return result.error;
}

test('without a wish it is the whole period of the profile, from an hour ago, in whole seconds', () => {
  assert.deepEqual(unwrap(decideValidity({}, tlsServer, issuer, now)), {
    notBefore: whole - hour,
    notAfter: whole - hour + 90 * day - second,
  });
});

test('wishes within the profile are honoured to the second', () => {
  const wish = { notBefore: whole + minute, notAfter: whole + day };
  assert.deepEqual(unwrap(decideValidity(wish, tlsServer, issuer, now)), wish);
  assert.deepEqual(unwrap(decideValidity({ notAfter: whole + day }, tlsServer, issuer, now)), {
    notBefore: whole - hour,
    notAfter: whole + day,
  });
});

test('a beginning that was fine when the order was placed is fine a day later', () => {
  assert.ok(decideValidity({ notBefore: whole - day }, tlsServer, issuer, now).ok);
});

test('without a wish nothing begins before or ends after its issuer', () => {
  const young = { notBefore: whole - minute, notAfter: whole + 10 * day };
  assert.deepEqual(unwrap(decideValidity({}, tlsServer, young, now)), young);
});

test('fail/wishes that cannot be honoured: the sentence names the bound', () => {
  assert.match(refusal({ notBefore: whole - 3 * day }), /not be earlier than 2026-08-30T12:00:00Z/);
  assert.match(refusal({ notBefore: whole + 3 * day }), /not be later than 2026-09-03T12:00:00Z/);
  assert.match(refusal({ notAfter: whole + 91 * day }), /notAfter may not be later than 2026-11-30T10:59:59Z/);
  assert.match(refusal({ notAfter: whole - minute }), /in the past/);
  assert.match(refusal({ notBefore: whole + hour, notAfter: whole + hour }), /not later than notBefore/);
});
