import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { unwrap } from '../result.ts';
import { decodePem, encodePem } from './pem.ts';

const label = 'CERTIFICATE';
const body = Buffer.alloc(60, 7);

function refusal(text: string): string {
  const result = decodePem(text, label);
  assert.ok(!result.ok, `accepted: ${text}`);
  return result.error;
}

test('any messages come back in order, with each of the three line ends, and with empty lines between them', () => {
  const messages = fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(messages, fc.constantFrom('\n', '\r\n', '\r'), fc.nat(2), (ders, lineEnd, gap) => {
      const blank = '\n'.repeat(gap);
      const text = ders.map((der) => encodePem(label, der)).join(blank) + blank;
      const read = unwrap(decodePem(text.replaceAll('\n', lineEnd), label));
      assert.deepEqual(
        read.map((der) => new Uint8Array(der)),
        ders,
      );
    }),
  );
});

test('lines are 64 characters wide but for the last', () => {
  const lines = encodePem(label, body).split('\n');
  assert.deepEqual(
    lines.map((line) => line.length),
    [27, 64, 16, 25, 0],
  );
  assert.equal(lines[0], '-----BEGIN CERTIFICATE-----');
});

test('the last line end may be missing', () => {
  assert.ok(decodePem(encodePem(label, body).trimEnd(), label).ok);
});

test('fail/nothing inside: the refusal tells what was missing', () => {
  assert.equal(refusal(''), 'no -----BEGIN CERTIFICATE----- line found');
  assert.match(refusal('-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n'), /canonical base64/);
});

test('fail/other label: the refusal names both', () => {
  const mixed = encodePem(label, body) + encodePem('PRIVATE KEY', body);
  assert.equal(refusal(mixed), 'line 5: holds a PRIVATE KEY, expected a CERTIFICATE');
});

test('fail/text around the messages', () => {
  assert.equal(refusal(`subject=CN\n${encodePem(label, body)}`), 'line 1: expected -----BEGIN CERTIFICATE-----');
  assert.match(refusal(`${encodePem(label, body)}trailing`), /^line 5: expected/);
});

test('fail/boundaries that do not match or are missing', () => {
  const text = encodePem(label, body);
  assert.match(refusal(text.replace('END CERTIFICATE', 'END X509 CRL')), /expected -----END CERTIFICATE-----/);
  assert.match(refusal(text.replace(/-----END.*\n/, '')), /line 1: no -----END CERTIFICATE----- line follows/);
  assert.match(refusal(text.replace(/-----END.*\n/, '') + text), /expected -----END CERTIFICATE-----/);
});

test('fail/line widths, fail/blanks, fail/headers, fail/alphabet, fail/padding, fail/spare bits', () => {
  const base64 = body.toString('base64');
  const wrap = (...lines: string[]) =>
    ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
  assert.match(refusal(wrap(base64)), /line 2: longer than 64/);
  assert.match(refusal(wrap(base64.slice(0, 60), base64.slice(60))), /line 2: shorter than 64/);
  assert.match(refusal(wrap(base64.slice(0, 64), '', base64.slice(64))), /line 3: shorter than 64/);
  assert.match(refusal(wrap('Proc-Type: 4,ENCRYPTED', '', 'AAAA')), /shorter than 64/);
  for (const line of ['AAA', 'AAAA ', 'A A=', 'AB==', 'AA=', 'AA-_', 'AA==AA==', '====']) {
    assert.match(refusal(wrap(line)), /canonical base64/, line);
  }
});

test('fail/giant text is refused unread', () => {
  assert.match(refusal('A'.repeat(2 << 20)), /longer than/);
});
