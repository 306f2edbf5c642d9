import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { systemRandom } from '@tegata/core/random';
import { unwrap } from '@tegata/core/result';
import { createPasswordHasher, type PasswordHasher } from './password-hash.ts';

const random = systemRandom();
const cheap = { memory: 64, passes: 1, parallelism: 1 };
const hasher = createPasswordHasher({ random, cost: cheap });

test('the default cost is at least what OWASP recommends, in a PHC string', async () => {
  const hash = unwrap(await createPasswordHasher({ random }).hash('a rather long sentence'));
  assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
});

test('a hash of the reference implementation is understood', async () => {
  // From the tests of the reference implementation of Argon2.
  const reference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
  const verified = unwrap(await hasher.verify('password', reference));
  assert.deepEqual(verified, { matches: true, outdated: true });
});

test('the right password matches, others do not, equal ones have different hashes', async () => {
  const [one, two] = [unwrap(await hasher.hash('correct')), unwrap(await hasher.hash('correct'))];
  assert.notEqual(one, two);
  assert.deepEqual(unwrap(await hasher.verify('correct', one)), { matches: true, outdated: false });
  for (const wrong of ['Correct', 'correct ', '', 'correct\0']) {
    assert.equal(unwrap(await hasher.verify(wrong, one)).matches, false);
  }
});

test('composed and decomposed, wide and narrow letters are the same password', async () => {
  const hash = unwrap(await hasher.hash('café パスワード'));
  assert.equal(unwrap(await hasher.verify('cafe\u0301 ﾊﾟｽﾜｰﾄﾞ', hash)).matches, true);
});

describe('what is no hash of ours never matches and never throws', () => {
  const bad: readonly (string | undefined)[] = [
    undefined,
    '',
    'plain',
    '$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=16$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=9999999,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=4,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHR$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
  ];
  for (const stored of bad) {
    test(String(stored), async () => {
      assert.deepEqual(unwrap(await hasher.verify('password', stored)), { matches: false, outdated: false });
    });
  }
});

test('only so many run at once, only so many wait, and the rest is told that we are busy', async () => {
  const small: PasswordHasher = createPasswordHasher({ random, cost: cheap, concurrency: 1, waiting: 2 });
  const outcomes = await Promise.all(Array.from({ length: 6 }, () => small.verify('x', undefined)));
  assert.deepEqual(
    outcomes.map(({ ok }) => ok),
    [true, true, true, false, false, false],
  );
  assert.equal((await small.hash('later')).ok, true, 'the place is free again');
});
