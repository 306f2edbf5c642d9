import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Html, html } from '../pages/html.ts';
import { en } from './en.ts';
import { ja } from './ja.ts';
import { chooseLanguage, formatDay, formatDuration } from './language.ts';

describe('choosing', () => {
  const cases: readonly (readonly [string | undefined, readonly string[], string | undefined, string])[] = [
    [undefined, [], undefined, 'en'],
    [undefined, [], 'ja', 'ja'],
    [undefined, [], 'ja-JP,en;q=0.9', 'ja'],
    [undefined, [], 'en;q=0.5, ja;q=0.8', 'ja'],
    [undefined, [], 'fr-CH, de;q=0.9', 'en'],
    [undefined, [], 'ja;q=0, *', 'en'],
    [undefined, [], 'ja;q=abc', 'ja'],
    [undefined, [], ',,;;q=', 'en'],
    [undefined, ['fr', 'ja-JP'], 'en', 'ja'],
    ['en', ['ja'], 'ja', 'en'],
    ['xx', [], 'ja', 'ja'],
    [undefined, [], `${'x,'.repeat(5000)}ja`, 'en'],
  ];
  for (const [chosen, uiLocales, header, expected] of cases) {
    test(`${chosen} / ${uiLocales} / ${header?.slice(0, 30)} is ${expected}`, () => {
      assert.equal(chooseLanguage(chosen, uiLocales, header).code, expected);
    });
  }
});

test('durations and days read as people write them', () => {
  assert.equal(formatDuration(0, en), '1 second');
  assert.equal(formatDuration(61_000, en), '2 minutes');
  assert.equal(formatDuration(600_000, ja), '10 分');
  assert.equal(formatDuration(3_600_000, en), '1 hour');
  assert.equal(formatDuration(90_000_000, en), '2 days');
  assert.equal(formatDay(Date.UTC(2026, 0, 15), ja), '2026年1月15日');
});

/** Every sentence of a catalogue, functions called with a marker. */
function sentences(value: unknown, path = ''): readonly (readonly [string, string])[] {
  const marker: Html = html`MARKER`;
  if (typeof value === 'function') return sentences((value as (part: unknown) => unknown)(marker), path);
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  if ('markup' in value) return [[path, String(value.markup)]];
  return Object.entries(value).flatMap(([name, inner]) => sentences(inner, `${path}.${name}`));
}

test('no sentence is left in the other language, and none is empty', () => {
  const english = new Map(sentences(en));
  for (const [path, sentence] of sentences(ja)) {
    assert.notEqual(sentence.trim(), '', path);
    if (path === '.code' || path === '.name') continue;
    assert.notEqual(sentence, english.get(path), path);
    assert.match(sentence, /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u, path);
  }
});

test('both languages say the same things with the same parts, without exclamation marks', () => {
  const parts = (catalogue: unknown) =>
    sentences(catalogue).map(([path, text]) => `${path} ${text.includes('MARKER')}`);
  const strip = (list: readonly string[]) =>
    list.filter(
      (line) =>
        !/\.(?:title|allowedOn|revokeFrom|forAWhile|untilRevoked|tryAgainIn|passwordHint|errorTitle) /.test(line),
    );
  assert.deepEqual(strip(parts(ja)), strip(parts(en)));
  for (const [path, text] of [...sentences(en), ...sentences(ja)]) assert.doesNotMatch(text, /[!！]/, path);
});
