/** serial-number: what it lets pass and what it finds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finding, sample } from '../../../../../../test/support/lint-samples.ts';
import { serialNumber } from './serial-number.ts';

test('good/a positive number', () => {
  assert.equal(finding(serialNumber, 'leaf'), undefined);
});

test('bad/zero', () => {
  assert.match(
    serialNumber.check({
      ...sample('leaf'),
      certificate: { ...sample('leaf').certificate, serial: new Uint8Array(16) },
    }) ?? '',
    /zero/,
  );
});
