import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonValue } from '@tegata/core/codec/json';
import { parseContacts } from './contacts.ts';

describe('contacts', () => {
  it('takes mail addresses, and none at all', () => {
    const contacts = ['mailto:admin@example.org', 'MAILTO:a+b%20c@xn--bcher-kva.example'];
    assert.deepEqual(parseContacts(contacts), { ok: true, value: contacts });
    assert.deepEqual(parseContacts(undefined), { ok: true, value: [] });
    assert.deepEqual(parseContacts([]), { ok: true, value: [] });
  });

  const refused: readonly [JsonValue, string][] = [
    ['mailto:a@example.org', 'malformed'],
    [[1], 'malformed'],
    [null, 'malformed'],
    [['tel:+4912345'], 'unsupportedContact'],
    [['https://example.org'], 'unsupportedContact'],
    [['a@example.org'], 'invalidContact'],
    [['mailto:a@example.org,b@example.org'], 'invalidContact'],
    [['mailto:a@x,b@y'], 'invalidContact'],
    [['mailto:a@example.org?subject=x'], 'invalidContact'],
    [['mailto:'], 'invalidContact'],
    [['mailto:@'], 'invalidContact'],
    [['mailto:a b@example.org'], 'invalidContact'],
    [['mailto:a@b@c'], 'invalidContact'],
    [[`mailto:${'a'.repeat(400)}@example.org`], 'invalidContact'],
    [Array.from({ length: 11 }, (_, at) => `mailto:a${at}@example.org`), 'invalidContact'],
  ];
  for (const [value, type] of refused) {
    it(`refuses ${JSON.stringify(value).slice(0, 50)} with ${type}`, () => {
      const parsed = parseContacts(value);
      assert.ok(!parsed.ok);
      assert.equal(parsed.error.type, type);
    });
  }
});
