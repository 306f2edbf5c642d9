/** `node tools/config-docs.ts [--check]`: makes docs/config.md from the schema of the configuration. */
import { type CatalogueOption, type CatalogueSection, readSections } from '@tegata/server/config/catalogue';
import { cell, writeOrCheck } from './generated.ts';

const introduction = `# Configuration

Every option has a default that works, so there may be no configuration at all. Otherwise: one YAML file, named by
\`--config FILE\` or \`TEGATA_CONFIG\`; over it the environment, by the variables below; over both the flags \`--listen\`,
\`--data\`, \`--issuer\` and, for every other option, \`--set KEY=VALUE\`.

\`tegata config check\` reads everything without starting and lists all mistakes at once.

- Times are a number with a unit: \`90s\`, \`15m\`, \`12h\`, \`30d\`.
- A list in a variable or flag is written with commas. An empty value counts as left out.
- Relative paths start at the working directory.
- A variable that begins with \`TEGATA_\` and is not known is a mistake. Those that Kubernetes sets beside a service named
  \`tegata\` are ignored.

\`\`\`yaml
issuer: https://login.example
listen: 0.0.0.0:8443
data: /var/lib/tegata
store:
  url: sqlite:/var/lib/tegata/tegata.db
acme:
  validation:
    resolvers: [192.0.2.53:53]
\`\`\`
`;

function renderSection({ path, doc, options }: CatalogueSection): string {
  const heading = path === '' ? 'Server' : `\`${path}\``;
  if (options.length === 0) return `## ${heading}\n\n${doc}\n`;
  return `## ${heading}\n\n${doc}\n\n| key | value | default | meaning | variable |\n| --- | --- | --- | --- | --- |\n${options.map(renderOption).join('\n')}\n`;
}

function renderOption({ path, about, fallback, variable }: CatalogueOption): string {
  const key = about.environmentOnly ? '(environment only)' : `\`${path}\``;
  return `| ${key} | ${cell(about.type)} | ${renderDefault(about.derived, fallback)} | ${cell(about.doc)} | \`${variable}\` |`;
}

function renderDefault(derived: string | undefined, fallback: unknown): string {
  if (derived !== undefined) return cell(derived);
  if (fallback === undefined) return 'none';
  return `\`${Array.isArray(fallback) && fallback.length === 0 ? '[]' : String(fallback)}\``;
}

writeOrCheck('docs/config.md', [introduction, ...readSections().map(renderSection)].join('\n'), 'tools/config-docs.ts');
