/** requested-names: what it lets pass and what it finds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dnsName, finding, orderedNames } from '../../../../../../test/support/lint-samples.ts';
import { requestedNames } from './requested-names.ts';

test('good/the ordered names', () => {
  assert.equal(finding(requestedNames, 'leaf'), undefined);
});

test('good/the ordered names in another order', () => {
  assert.equal(finding(requestedNames, 'leaf', { names: orderedNames.toReversed() }), undefined);
});

test('bad/a name too few', () => {
  assert.match(finding(requestedNames, 'leaf', { names: orderedNames.slice(1) }) ?? '', /were ordered/);
});

test('bad/a name too many', () => {
  assert.match(
    finding(requestedNames, 'leaf', { names: [...orderedNames, dnsName('b.example')] }) ?? '',
    /were ordered/,
  );
});

test('bad/a name twice', () => {
  assert.match(finding(requestedNames, 'leaf', { names: [...orderedNames, dnsName('a.example')] }) ?? '', /twice/);
});

test('bad/an address in place of the name it looks like', () => {
  assert.match(
    finding(requestedNames, 'leaf', {
      names: [dnsName('a.example'), { type: 'ip', value: Uint8Array.of(192, 0, 2, 1) }],
    }) ?? '',
    /were ordered/,
  );
});
