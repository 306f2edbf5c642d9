import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { collectStandards } from './collect.ts';

const folder = 'packages/server/src/oauth';
const header = (...lines: readonly string[]) =>
  `/**\n * What it is.\n${lines.map((line) => ` * ${line}\n`).join('')} */\n`;
const grant = (...lines: readonly string[]) => ({ path: `${folder}/grants/refresh_token.ts`, text: header(...lines) });
const test = (path: string, imports: string) => ({
  path: `${folder}/${path}`,
  text: `import { x } from '${imports}';`,
});

describe('standards page', () => {
  it('maps a section to its files and to the test beside it', () => {
    const { sections, faults } = collectStandards([
      grant('@spec RFC 6749 §6', '@spec RFC 9700 §4.14.2'),
      test('grants/refresh_token.test.ts', './refresh_token.ts'),
    ]);
    assert.deepEqual(faults, []);
    assert.deepEqual(
      sections.map(({ document, section }) => `${document} ${section}`),
      ['RFC 6749 6', 'RFC 9700 4.14.2'],
    );
    assert.deepEqual(sections[0]?.files, [`${folder}/grants/refresh_token.ts`]);
    assert.deepEqual(sections[0]?.tests, [`${folder}/grants/refresh_token.test.ts`]);
  });

  it('finds tests that reach a file only through others', () => {
    const { sections, faults } = collectStandards([
      grant('@spec RFC 6749 §6'),
      { path: `${folder}/token.ts`, text: "import { x } from './grants/refresh_token.ts';" },
      test('token.test.ts', '@tegata/server/oauth/token'),
    ]);
    assert.deepEqual(faults, []);
    assert.deepEqual(sections[0]?.tests, [`${folder}/token.test.ts`]);
  });

  it('sorts sections as people count', () => {
    const lines = ['@spec RFC 10000 §1', '@spec RFC 8555 §7.10', '@spec RFC 8555 §7.9', '@spec RFC 8555'];
    const { sections } = collectStandards([grant(...lines)]);
    const names = sections.map(({ document, section }) => `${document} ${section}`.trim());
    assert.deepEqual(names, ['RFC 8555', 'RFC 8555 7.9', 'RFC 8555 7.10', 'RFC 10000 1']);
  });

  const faulty: Record<string, readonly [Parameters<typeof collectStandards>[0], RegExp]> = {
    'a protocol file without a specification': [[grant()], /refresh_token\.ts: names no specification/],
    'a section that no test reaches': [[grant('@spec RFC 6749 §6')], /RFC 6749 §6: no test reaches/],
    'a section that only tests name': [
      [{ path: `${folder}/a.test.ts`, text: header('@spec RFC 6749 §6') }],
      /named by tests only/,
    ],
    'a line that cannot be read': [[grant('@spec RFC 6749 section 6, 7')], /cannot read/],
    'a line in the middle of a file': [
      [{ path: `${folder}/a.ts`, text: `${header()}const x = 1;\n/** @spec RFC 6749 §6 */\n` }],
      /opens the file/,
    ],
  };
  for (const [name, [sources, message]] of Object.entries(faulty)) {
    it(`complains about ${name}`, () => assert.match(collectStandards(sources).faults.join('\n'), message));
  }
});
