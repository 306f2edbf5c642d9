/** `node tools/standards.ts [--check]`: makes docs/standards.md from the `@spec` lines of the sources. */
import { cell, writeOrCheck } from './generated.ts';
import { readTypeScript } from './source-files.ts';
import { collectStandards, type SpecSection } from './standards/collect.ts';

const introduction = `# Standards

Which section of which specification is implemented where, and which tests reach it. Made from the \`@spec\` lines that open
the source files, by \`node tools/standards.ts\`; \`npm run check\` fails when a protocol file names no specification, when
a section is reached by no test, and when this page is out of date.
`;

function render(sections: readonly SpecSection[]): string {
  const documents = [...new Set(sections.map(({ document }) => document))];
  return [introduction, ...documents.map((name) => renderDocument(name, sections))].join('\n');
}

function renderDocument(name: string, sections: readonly SpecSection[]): string {
  const rows = sections
    .filter(({ document }) => document === name)
    .map(({ section, files, tests }) => `| ${anchor(name, section)} | ${links(files)} | ${links(tests)} |`);
  return `## ${name}\n\n| section | files | tests |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
}

function anchor(document: string, section: string): string {
  const number = /^RFC (\d+)$/.exec(document)?.[1];
  const label = section === '' ? 'all' : `§${section}`;
  if (number === undefined) return cell(label);
  const fragment = section === '' ? '' : `#${/^\d/.test(section) ? 'section' : 'appendix'}-${section}`;
  return `[${label}](https://www.rfc-editor.org/rfc/rfc${number}${fragment})`;
}

function links(paths: readonly string[]): string {
  return paths.map((path) => `[${shorten(path)}](../${path})`).join('<br>');
}

function shorten(path: string): string {
  return path.replace(/^packages\/([^/]+)\/src\//, '$1/');
}

const { sections, faults } = collectStandards(readTypeScript());
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
writeOrCheck('docs/standards.md', render(sections), 'tools/standards.ts');
