import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { html } from './html.ts';

test('text is escaped between tags and in attributes', () => {
  const attack = `<script>"'&`;
  const page = html`<p title="${attack}">${attack}</p>`;
  const escaped = '&lt;script&gt;&quot;&#39;&amp;';
  assert.equal(page.markup, `<p title="${escaped}">${escaped}</p>`);
});

test('markup is not escaped twice, lists are joined, nothing vanishes', () => {
  const item = html`<li>${'a&b'}</li>`;
  const values = [[item, item], false, undefined, 7, ''] as const;
  assert.equal(
    html`<ul>${values[0]}</ul>${values[1]}${values[2]}${values[3]}${values[4]}`.markup,
    '<ul><li>a&amp;b</li><li>a&amp;b</li></ul>7',
  );
});

test('no text whatever opens a tag or leaves an attribute', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { markup } = html`${text}`;
      assert.doesNotMatch(markup, /[<>"']/);
      assert.doesNotMatch(markup, /&(?!(?:amp|lt|gt|quot|#39);)/);
    }),
  );
});
