/** File, environment and flags, each overriding the one before, become the frozen configuration or the list of all mistakes. */
import { readFileSync } from 'node:fs';
import { fail, ok, type Result } from '@tegata/core/result';
import { type CatalogueOption, readOptions } from './catalogue.ts';
import { type Config, completeConfig } from './config.ts';
import { findConflicts } from './conflicts.ts';
import { closest, type Mistake, showValue } from './mistakes.ts';
import { schema } from './schema.ts';
import { parseFile, type SourceTree, setAt, valueAt, without } from './tree.ts';

export interface ConfigSources {
  /** Path of the configuration file. */
  readonly file?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Option path → text, from the command line. */
  readonly flags?: Readonly<Record<string, string>>;
}

/** Variables of ours that are not options: the file itself, and the vectors of the test suite. */
const otherVariables = ['TEGATA_CONFIG', 'TEGATA_VECTORS'];
/** Options that have a flag of their own. */
const shortFlags = ['listen', 'data', 'issuer'];
/** What Kubernetes sets in every container beside a service that is called tegata. */
const serviceLink = /^TEGATA_(SERVICE_(HOST|PORT)|PORT)(_|$)/;

/** Reads the configuration. Reads files, writes nothing. */
export function loadConfig({ file, environment, flags = {} }: ConfigSources): Result<Config, readonly Mistake[]> {
  const options = readOptions();
  const fileName = file ?? environment.TEGATA_CONFIG;
  const source = fileName === undefined || fileName === '' ? emptySource() : readFile(fileName);
  const mistakes = [
    ...source.mistakes,
    ...findMisplaced(options, source),
    ...applyEnvironment(options, environment, source),
    ...applyFlags(options, flags, source),
  ];
  return check(options, source, mistakes);
}

function emptySource(): SourceTree & { readonly mistakes: readonly Mistake[] } {
  return { tree: {}, origins: new Map(), mistakes: [] };
}

function readFile(name: string) {
  try {
    return parseFile(name, readFileSync(name, 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'it does not exist' : code === 'EACCES' ? 'this user may not read it' : message;
    return {
      ...emptySource(),
      mistakes: [{ path: '', where: name, expected: `a file that can be read, but ${reason}` }],
    };
  }
}

function findMisplaced(options: readonly CatalogueOption[], { tree, origins }: SourceTree): readonly Mistake[] {
  return options
    .filter(({ about, path }) => about.environmentOnly && valueAt(tree, path.split('.')) !== undefined)
    .map(({ path, variable }) => ({
      path,
      where: origins.get(path) ?? 'file',
      expected: `nothing here: give it in the environment as ${variable}, or name a file in keys.passphraseFile`,
    }));
}

function* applyEnvironment(
  options: readonly CatalogueOption[],
  environment: ConfigSources['environment'],
  source: SourceTree,
): Iterable<Mistake> {
  const byVariable = new Map(options.map((option) => [option.variable, option]));
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith('TEGATA_') || value === undefined) continue;
    if (otherVariables.includes(name) || serviceLink.test(name)) continue;
    const option = byVariable.get(name);
    // As in a file, an empty value counts as left out.
    if (option !== undefined && value !== '') setAt(source, option.path, value, name);
    if (option === undefined) yield unknown('', name, 'a variable of tegata', closest(name, [...byVariable.keys()]));
  }
}

function* applyFlags(
  options: readonly CatalogueOption[],
  flags: Readonly<Record<string, string>>,
  source: SourceTree,
): Iterable<Mistake> {
  for (const [path, value] of Object.entries(flags)) {
    const option = options.find((one) => one.path === path);
    const where = shortFlags.includes(path) ? `--${path}` : `--set ${path}`;
    if (option === undefined) {
      const paths = options.map((one) => one.path);
      yield unknown(path, '--set', 'a known option', closest(path, paths) ?? sameEnding(path, paths));
    } else if (option.about.environmentOnly) {
      yield { path, where, expected: `nothing here, where others can see it: give it as ${option.variable}` };
    } else {
      setAt(source, path, value, where);
    }
  }
}

function unknown(path: string, where: string, expected: string, suggestion: string | undefined): Mistake {
  return { path, where, expected, ...(suggestion === undefined ? {} : { suggestion }) };
}

function check(
  options: readonly CatalogueOption[],
  source: SourceTree,
  earlier: readonly Mistake[],
): Result<Config, readonly Mistake[]> {
  const first = schema.safeParse(source.tree);
  const wrong = first.success ? [] : first.error.issues.flatMap((issue) => describeIssue(issue, options, source));
  const bad = new Set(wrong.map(({ path }) => path));
  // What is left without the wrong values still tells which of the right ones contradict each other.
  const settings = first.success ? first.data : schema.parse(without(source.tree, bad));
  const conflicts = findConflicts(settings)
    .filter(({ paths }) => !paths.some((path) => bad.has(path)))
    .map(({ paths: [path], expected, show }): Mistake => {
      const value = valueAt(source.tree, path.split('.'));
      const where = source.origins.get(path) ?? path;
      return { path, where, expected, ...(show && value !== undefined ? { value: showValue(value) } : {}) };
    });
  const mistakes = [...earlier, ...wrong, ...conflicts];
  return mistakes.length === 0 ? ok(completeConfig(settings)) : fail(mistakes);
}

type Issue = NonNullable<ReturnType<typeof schema.safeParse>['error']>['issues'][number];

function describeIssue(issue: Issue, options: readonly CatalogueOption[], source: SourceTree): readonly Mistake[] {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const full = path === '' ? key : `${path}.${key}`;
      const siblings = childrenOf(path, options);
      const paths = options.map((option) => option.path);
      const near = closest(key, siblings);
      const suggestion = near === undefined ? sameEnding(full, paths) : path === '' ? near : `${path}.${near}`;
      return unknown(full, source.origins.get(full) ?? full, 'a known option', suggestion);
    });
  }
  const where = source.origins.get(path) ?? path;
  if (issue.code === 'invalid_type') {
    const expected = `options of its own: ${childrenOf(path, options).join(', ')}`;
    return [{ path, where, expected }];
  }
  const secret = options.find((option) => option.path === path)?.about.secret === true;
  const value = secret ? '(hidden)' : showValue(valueAt(source.tree, issue.path));
  return [{ path, where, value, expected: issue.message }];
}

function childrenOf(path: string, options: readonly CatalogueOption[]): readonly string[] {
  const prefix = path === '' ? '' : `${path}.`;
  const inside = options.filter((option) => option.path.startsWith(prefix));
  return [...new Set(inside.map((option) => option.path.slice(prefix.length).split('.')[0] as string))];
}

/** The option whose last key is the last key of `path`, wherever it is. */
function sameEnding(path: string, paths: readonly string[]): string | undefined {
  const ending = path.split('.').at(-1)?.toLowerCase();
  return paths.find((known) => known.split('.').at(-1)?.toLowerCase() === ending);
}
