/** Rotation as a decision, and what it keeps true whatever clocks and crashes do. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PublicJwk } from '@tegata/core/jose/jwk';
import type { Signer } from '@tegata/core/jose/signer';
import type { Instant } from '@tegata/core/time/clock';
import { day, hour, minute } from '@tegata/core/time/duration';
import fc from 'fast-check';
import type { VerificationKey } from '../ports/key-ring.ts';
import type { KeyRecord } from '../ports/stores/keys.ts';
import { type KeyView, type TokenKey, viewKeys } from './key-view.ts';
import { planRotation, type RotationPolicy, type RotationRequest, type RotationStep } from './rotation-plan.ts';

const start = Date.UTC(2026, 8, 1);
const policy: RotationPolicy = {
  algorithms: ['ES256'],
  rotateAfter: 90 * day,
  publishAhead: day,
  keepPublished: 2 * day,
};

/** A store of keys that carries out plans; it can crash after any step. */
class Bench {
  keys: KeyRecord[] = [];
  #made = 0;

  rotate(now: Instant, request?: RotationRequest, steps = Number.POSITIVE_INFINITY): readonly RotationStep[] {
    const plan = planRotation(this.keys, now, policy, request);
    for (const step of plan.slice(0, steps)) this.#take(step, now);
    return plan;
  }

  view(now: Instant): KeyView {
    return viewKeys(this.keys.map(opened), policy.algorithms, now);
  }

  signer(now: Instant): string | undefined {
    return this.view(now).signers.get('ES256')?.keyId;
  }

  #take(step: RotationStep, now: Instant): void {
    if (step.kind === 'destroy') this.keys = this.keys.filter((key) => key.keyId !== step.keyId);
    if (step.kind === 'retire') {
      const { keyId, retiresAt, removedAt } = step;
      this.keys = this.keys.map((key) => (key.keyId === keyId ? { ...key, retiresAt, removedAt } : key));
    }
    if (step.kind !== 'create') return;
    const { activeFrom } = step;
    const taken = this.keys.some((key) => key.retiresAt === undefined || key.retiresAt > activeFrom);
    if (step.onlyIfNone && taken) return;
    this.keys.push({
      keyId: `k${String(this.#made++).padStart(6, '0')}`,
      purpose: 'token',
      algorithm: step.algorithm,
      publicJwk: {},
      wrapped: new Uint8Array(),
      createdAt: now,
      activeFrom,
    });
  }
}

function opened(record: KeyRecord): TokenKey {
  const { keyId } = record;
  return {
    record,
    verification: { keyId } as VerificationKey,
    jwk: { kid: keyId } as PublicJwk,
    signer: { keyId } as Signer,
  };
}

test('the first key signs at once', () => {
  const bench = new Bench();
  bench.rotate(start);
  assert.equal(bench.signer(start), 'k000000');
  assert.deepEqual(bench.rotate(start), []);
});

test('a key is left alone until it is old, then its successor is published a day before it signs', () => {
  const bench = new Bench();
  bench.rotate(start);
  assert.deepEqual(bench.rotate(start + 90 * day - 1), []);
  const due = start + 90 * day;
  bench.rotate(due);
  assert.deepEqual(bench.rotate(due), []);
  assert.equal(bench.signer(due), 'k000000');
  assert.deepEqual([...bench.view(due).verification.keys()].sort(), ['k000000', 'k000001']);
  assert.equal(bench.signer(due + day), 'k000001');
});

test('the old key stays published until its last token has expired, and its private half is destroyed later', () => {
  const bench = new Bench();
  bench.rotate(start);
  const due = start + 90 * day;
  bench.rotate(due);
  const lastToken = due + day - 1;
  assert.equal(bench.signer(lastToken), 'k000000');
  assert.ok(bench.view(lastToken + policy.keepPublished).verification.has('k000000'));
  assert.ok(!bench.view(lastToken + policy.keepPublished + 1).verification.has('k000000'));
  assert.deepEqual(bench.rotate(due + 6 * day), [{ kind: 'destroy', keyId: 'k000000' }]);
});

test('a crash between retiring the old key and making the new one is made good by the next plan', () => {
  const bench = new Bench();
  bench.rotate(start);
  bench.rotate(start + 90 * day, undefined, 1);
  assert.equal(bench.keys.length, 1);
  bench.rotate(start + 90 * day + hour);
  assert.equal(bench.keys.length, 2);
  // Even when nobody looked for a week.
  const late = new Bench();
  late.rotate(start);
  late.rotate(start + 90 * day, undefined, 1);
  const back = start + 97 * day;
  assert.equal(late.signer(back), 'k000000');
  assert.ok(late.view(back).verification.has('k000000'));
  late.rotate(back);
  assert.equal(late.signer(back), 'k000001');
});

test('two nodes that plan from the same state make one key', () => {
  const bench = new Bench();
  bench.rotate(start);
  const plan = planRotation(bench.keys, start + 90 * day, policy);
  const other = planRotation(bench.keys, start + 90 * day + 500, policy);
  assert.equal(plan.length, 2);
  assert.equal(other.length, 2);
  bench.rotate(start + 90 * day);
  bench.rotate(start + 90 * day + 500);
  assert.equal(bench.keys.length, 2);
});

test('by command a young key gets a successor too; an urgent one signs within minutes and withdraws the old key', () => {
  const bench = new Bench();
  bench.rotate(start);
  bench.rotate(start + hour, { algorithms: ['ES256'], urgent: false });
  assert.equal(bench.signer(start + hour + day), 'k000001');
  const now = start + 3 * day;
  bench.rotate(now, { algorithms: ['ES256'], urgent: true });
  assert.equal(bench.signer(now + 2 * minute), 'k000002');
  assert.deepEqual(
    [...bench.view(now + 2 * minute).verification.keys()].filter((key) => key !== 'k000002'),
    ['k000000'],
  );
});

test('a clock set back by a year breaks nothing, and one set forward by a year and back neither', () => {
  const bench = new Bench();
  bench.rotate(start);
  const back = start - 365 * day;
  assert.equal(bench.signer(back), 'k000000');
  bench.rotate(back);
  assert.ok(bench.signer(back) !== undefined);
  assert.deepEqual(bench.rotate(back), [], 'and does not make a key every minute');
  bench.rotate(start);
  assert.equal(bench.signer(start), 'k000000');

  bench.rotate(start + 365 * day);
  bench.rotate(start + 365 * day);
  // Its retirement lies in a future that will not come: one more key is made, and only one.
  bench.rotate(start + hour);
  assert.deepEqual(bench.rotate(start + hour), []);
  assert.equal(bench.signer(start + hour), 'k000000');
  assert.ok(bench.view(start + hour).verification.has('k000000'));
});

test('property: whatever the clock and crashes do there is a signer, and it is published', () => {
  const move = fc.record({
    by: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 40 * day }) },
      { weight: 1, arbitrary: fc.integer({ min: -800 * day, max: 800 * day }) },
    ),
    steps: fc.constantFrom(0, 1, 2, 9),
    request: fc.constantFrom(undefined, undefined, undefined, true, false),
  });
  fc.assert(
    fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
      const bench = new Bench();
      let now = start;
      bench.rotate(now);
      for (const { by, steps, request } of moves) {
        now += by;
        const asked = request === undefined ? undefined : { algorithms: ['ES256'] as const, urgent: request };
        bench.rotate(now, asked, steps);
        const view = bench.view(now);
        const keyId = view.signers.get('ES256')?.keyId ?? 'none';
        assert.ok(view.verification.has(keyId), `${keyId} signs and is published`);
        assert.ok(bench.keys.length < 20, 'keys do not pile up');
      }
    }),
    { numRuns: 150 },
  );
});

test('property: with a clock that only moves forward every token verifies until it expires', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: minute, max: 8 * hour }), { minLength: 800, maxLength: 1200 }), (gaps) => {
      const bench = new Bench();
      const tokens: { keyId: string; expires: Instant }[] = [];
      let now = start;
      for (const gap of gaps) {
        now += gap;
        bench.rotate(now);
        const view = bench.view(now);
        while (tokens[0] !== undefined && tokens[0].expires <= now) tokens.shift();
        for (const token of tokens) assert.ok(view.verification.has(token.keyId), 'a living token verifies');
        tokens.push({ keyId: view.signers.get('ES256')?.keyId ?? 'none', expires: now + policy.keepPublished });
      }
    }),
    { numRuns: 10 },
  );
});
