/** version: what it lets pass and what it finds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finding, sample } from '../../../../../../test/support/lint-samples.ts';
import { version } from './version.ts';

test('good/version 3', () => {
  assert.equal(finding(version, 'leaf'), undefined);
});

test('bad/version 1', () => {
  assert.match(
    version.check({ ...sample('leaf'), certificate: { ...sample('leaf').certificate, version: 1 } }) ?? '',
    /version 1/,
  );
});
