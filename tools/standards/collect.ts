/** Reads which section of which specification each source file implements, and which tests reach it. */
import { posix } from 'node:path';
import { type ParsedFile, parseSource } from '../layers/parse.ts';
import type { SourceFile } from '../source-files.ts';

export interface SpecSection {
  /** `RFC 8555`, `OpenID Connect Core 1.0`. */
  readonly document: string;
  /** `7.4`, `A.1`; empty for the whole document. */
  readonly section: string;
  readonly files: readonly string[];
  readonly tests: readonly string[];
}

export interface Standards {
  readonly sections: readonly SpecSection[];
  /** What is missing, one line each. */
  readonly faults: readonly string[];
}

/** Folders whose files each implement something registered or specified, so that each has to say what. */
const protocolFolders =
  /^packages\/(server\/src\/(oauth\/(grants|client-auth|endpoints|pkce)|acme\/(challenges|identifiers|endpoints)|ca\/lints)|core\/src\/x509\/extensions)\//;
const testsShown = 3;

interface Claim {
  readonly document: string;
  readonly section: string;
  readonly path: string;
}

/** Collects every `@spec` line of the sources. */
export function collectStandards(sources: readonly SourceFile[]): Standards {
  const files = sources.map(parseSource);
  const products = files.filter(({ path }) => path.startsWith('packages/') && !path.endsWith('.test.ts'));
  const faults: string[] = [];
  const claims = files.flatMap((file) => readClaims(file, faults));
  for (const { path } of products) {
    if (protocolFolders.test(path) && !claims.some((claim) => claim.path === path)) {
      faults.push(`${path}: names no specification; add a line such as @spec RFC 8555 §7.4 to its header`);
    }
  }
  const reach = findTests(files);
  const sections = group(claims).map(({ document, section, paths }): SpecSection => {
    const own = paths.filter((path) => path.endsWith('.test.ts'));
    const implementing = paths.filter((path) => !path.endsWith('.test.ts'));
    const reaching = implementing.flatMap((path) => reach.get(path) ?? []);
    const tests = [...new Set([...own, ...reaching.slice(0, testsShown * implementing.length)])].sort();
    const name = section === '' ? document : `${document} §${section}`;
    if (implementing.length === 0) faults.push(`${name}: named by tests only, no source file has it`);
    if (tests.length === 0) faults.push(`${name}: no test reaches ${implementing.join(', ')}`);
    return { document, section, files: implementing, tests };
  });
  return { sections, faults };
}

function readClaims({ path, text }: SourceFile, faults: string[]): readonly Claim[] {
  const header = /^\/\*\*[\s\S]*?\*\//.exec(text)?.[0] ?? '';
  const tags = [...text.matchAll(/^\s*(?:\/\*)?\*+ @spec (.*?)(?:\s*\*\/)?$/gm)];
  const inHeader = header.split('@spec ').length - 1;
  if (tags.length !== inHeader) faults.push(`${path}: @spec lines belong into the comment that opens the file`);
  return tags.flatMap(([, claim = '']) => {
    const match = /^([A-Za-z][A-Za-z0-9 .:-]*[A-Za-z0-9])(?: §([0-9A-Z][0-9A-Za-z.]*))?$/.exec(claim);
    if (match === null)
      faults.push(`${path}: cannot read "@spec ${claim}"; write one document and one section per line`);
    return match === null ? [] : [{ document: match[1] as string, section: match[2] ?? '', path }];
  });
}

function group(claims: readonly Claim[]) {
  const groups = new Map<string, { document: string; section: string; paths: string[] }>();
  for (const { document, section, path } of claims) {
    const key = `${document}§${section}`;
    const one = groups.get(key) ?? { document, section, paths: [] };
    groups.set(key, one);
    if (!one.paths.includes(path)) one.paths.push(path);
  }
  const order = new Intl.Collator('en', { numeric: true });
  return [...groups.values()].sort(
    (a, b) => order.compare(a.document, b.document) || order.compare(a.section, b.section),
  );
}

/** Source file → the tests that reach it through their imports, nearest first. */
function findTests(files: readonly ParsedFile[]): ReadonlyMap<string, readonly string[]> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const found = new Map<string, { readonly test: string; readonly steps: number }[]>();
  for (const test of files.filter(({ path }) => path.endsWith('.test.ts'))) {
    let edge = [test.path];
    const seen = new Set(edge);
    for (let steps = 0; edge.length > 0; steps++) {
      const next: string[] = [];
      for (const path of edge) {
        if (steps > 0) found.set(path, [...(found.get(path) ?? []), { test: test.path, steps }]);
        for (const target of importsOf(byPath.get(path))) if (!seen.has(target)) next.push(target);
        for (const target of next) seen.add(target);
      }
      edge = next;
    }
  }
  const nearest = (path: string, tests: { readonly test: string; readonly steps: number }[]) => {
    const distance = ({ test, steps }: (typeof tests)[number]) =>
      test === path.replace(/\.ts$/, '.test.ts') ? 0 : steps;
    const sorted = [...tests].sort((a, b) => distance(a) - distance(b) || a.test.localeCompare(b.test));
    const best = sorted[0] === undefined ? 0 : distance(sorted[0]);
    return sorted.filter((one) => distance(one) === best).map(({ test }) => test);
  };
  return new Map([...found].map(([path, tests]) => [path, nearest(path, tests)]));
}

function importsOf(file: ParsedFile | undefined): readonly string[] {
  if (file === undefined) return [];
  return file.imports
    .filter(({ typeOnly }) => !typeOnly)
    .map(({ specifier }) =>
      specifier.startsWith('.')
        ? posix.join(posix.dirname(file.path), specifier)
        : specifier.replace(/^@tegata\/([^/]+)\/(.*)$/, 'packages/$1/src/$2.ts'),
    );
}
