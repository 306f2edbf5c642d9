import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemRandom } from '@tegata/core/random';
import { createNonceWindow } from './nonce-window.ts';

describe('nonce window', () => {
  it('accepts each nonce exactly once', () => {
    const window = createNonceWindow(systemRandom());
    const nonces = Array.from({ length: 1000 }, () => window.issue());
    assert.equal(new Set(nonces).size, 1000);
    for (const nonce of nonces.toReversed()) assert.equal(window.consume(nonce), 'accepted');
    for (const nonce of nonces) assert.equal(window.consume(nonce), 'unusable');
  });

  it('gives out base64url without padding, with more than 128 bits', () => {
    assert.match(createNonceWindow(systemRandom()).issue(), /^[A-Za-z0-9_-]{26}$/);
  });

  it('forgets nonces that fell out of the window, and only those', () => {
    const window = createNonceWindow(systemRandom(), 64);
    const [first, second] = [window.issue(), window.issue()] as const;
    for (let issued = 0; issued < 63; issued++) window.issue();
    assert.equal(window.consume(first), 'unusable');
    assert.equal(window.consume(second), 'accepted');
  });

  it('does not take a slot for used because an older nonce used it', () => {
    const window = createNonceWindow(systemRandom(), 64);
    for (let round = 0; round < 200; round++) assert.equal(window.consume(window.issue()), 'accepted');
  });

  it('does not take nonces of another run or node', () => {
    const [here, there] = [createNonceWindow(systemRandom()), createNonceWindow(systemRandom())];
    here.issue();
    assert.equal(here.consume(there.issue()), 'unusable');
    // Not even with the right prefix: the key is another one.
    const forged = here.issue().slice(0, 4) + there.issue().slice(4);
    assert.equal(here.consume(forged), 'unusable');
  });

  it('does not take a nonce with any character changed', () => {
    const window = createNonceWindow(systemRandom());
    const nonce = window.issue();
    for (let at = 0; at < nonce.length; at++) {
      const changed = nonce.slice(0, at) + (nonce[at] === 'A' ? 'B' : 'A') + nonce.slice(at + 1);
      assert.equal(window.consume(changed), 'unusable', changed);
    }
    assert.equal(window.consume(nonce), 'accepted');
  });

  for (const text of ['', 'a b', 'abc=', 'ab+/', 'ß', `${'a'.repeat(25)}\n`]) {
    it(`calls ${JSON.stringify(text)} malformed`, () => {
      assert.equal(createNonceWindow(systemRandom()).consume(text), 'malformed');
    });
  }
});
