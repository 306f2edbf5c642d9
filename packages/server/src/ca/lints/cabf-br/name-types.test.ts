/** name-types: what it lets pass and what it finds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dnsName, finding } from '../../../../../../test/support/lint-samples.ts';
import { nameTypes } from './name-types.ts';

test('good/DNS names and addresses', () => {
  assert.equal(
    finding(nameTypes, 'leaf', { names: [dnsName('a.example'), { type: 'ip', value: Uint8Array.of(192, 0, 2, 1) }] }),
    undefined,
  );
});

test('bad/a mail address', () => {
  assert.match(finding(nameTypes, 'leaf', { names: [{ type: 'email', value: 'a@a.example' }] }) ?? '', /type email/);
});

test('bad/a URI', () => {
  assert.match(finding(nameTypes, 'leaf', { names: [{ type: 'uri', value: 'https://a.example/' }] }) ?? '', /type uri/);
});
