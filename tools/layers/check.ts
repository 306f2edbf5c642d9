/** Finds everything that breaks the rules of the house: forbidden imports, cycles, sizes, barrels, leftovers. */
import { posix } from 'node:path';
import type { SourceFile } from '../source-files.ts';
import { type Import, type ParsedFile, parseSource } from './parse.ts';
import { cryptoDoors, type Room, roomOf, rooms } from './rooms.ts';

const limits = { file: 400, testFile: 600, function: 80 };

/** Every violation as one line `path:line: what is wrong`. */
export function findViolations(sources: readonly SourceFile[]): readonly string[] {
  const files = sources.map(parseSource);
  return [
    ...files.flatMap((file) => [...checkImports(file), ...checkSize(file), ...checkText(file)]),
    ...findCycles(files),
  ];
}

function isTest(path: string): boolean {
  return path.endsWith('.test.ts') || path.startsWith('test/');
}

function* checkImports(file: ParsedFile): Iterable<string> {
  const name = roomOf(file.path);
  if (name === undefined) return;
  const room = rooms[name];
  if (room === undefined) {
    yield `${file.path}:1: there is no layer rule for ${name}; add one to tools/layers/rooms.ts`;
    return;
  }
  for (const one of file.imports) {
    const wrong = isTest(file.path) ? checkForm(file, one) : (checkForm(file, one) ?? checkEdge(file, one, name, room));
    if (wrong !== undefined) yield `${file.path}:${one.line}: ${wrong}`;
  }
}

/** How an import is written, which tests have to keep to as well. */
function checkForm({ path }: ParsedFile, { specifier }: Import): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  if (!/\.(ts|mjs)$/.test(specifier)) return `relative imports end in .ts: ${specifier}`;
  const target = targetOf(path, specifier) ?? '';
  const packageOf = (file: string) => file.split('/')[1];
  if (target.startsWith('packages/') && packageOf(target) !== packageOf(path)) return `use @tegata/… for ${specifier}`;
  return undefined;
}

function checkEdge(file: ParsedFile, { specifier, typeOnly }: Import, name: string, room: Room): string | undefined {
  if (room.typesOnly && !typeOnly) return `${name} holds types only; use import type for ${specifier}`;
  if (specifier === 'node:crypto') {
    const open = cryptoDoors.some((door) => door.test(file.path));
    return open ? undefined : 'node:crypto is reached through @tegata/core/crypto';
  }
  if (specifier.startsWith('node:')) {
    const allowed = room.node === 'all' || room.node?.includes(specifier);
    return allowed ? undefined : `${name} must not import ${specifier}`;
  }
  const target = targetOf(file.path, specifier);
  if (target === undefined) {
    const owner = specifier.startsWith('@') ? specifier.split('/', 2).join('/') : (specifier.split('/')[0] as string);
    return room.packages?.includes(owner) ? undefined : `${name} must not import the package ${owner}`;
  }
  if (isTest(target)) return `only tests import tests: ${specifier}`;
  const other = roomOf(target);
  if (other === name || (other !== undefined && room.may.includes(other))) return undefined;
  return `${name} must not import ${other ?? specifier}`;
}

/** The file that a specifier of ours means; `undefined` for packages of others. */
function targetOf(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
  const own = /^@tegata\/([^/]+)\/(.+)$/.exec(specifier);
  return own === null ? undefined : `packages/${own[1]}/src/${own[2]}.ts`;
}

function* checkSize(file: ParsedFile): Iterable<string> {
  const most = isTest(file.path) ? limits.testFile : limits.file;
  if (file.lines > most) yield `${file.path}:1: ${file.lines} lines; the limit is ${most}`;
  if (file.barrel) yield `${file.path}:1: only passes on other files; import those where they are used`;
  if (isTest(file.path)) return;
  for (const { name, line, lines } of file.functions) {
    if (lines > limits.function)
      yield `${file.path}:${line}: ${name} has ${lines} lines; the limit is ${limits.function}`;
  }
}

// Written so that they do not match themselves.
const leftovers = /\b(TO[D]O|FIX[M]E|X[X]X)\b/;
const machinePaths = /(?<![\w.])\/(hom[e]|User[s]|roo[t]|wor[k])\/[\w.-]/;

function* checkText(file: ParsedFile): Iterable<string> {
  for (const [at, text] of file.text.split('\n').entries()) {
    const place = `${file.path}:${at + 1}`;
    if (leftovers.test(text)) yield `${place}: unfinished work; finish it or open an issue`;
    if (machinePaths.test(text)) yield `${place}: a path of one machine`;
  }
}

/** Circles of imports at run time, each told once, starting at its first file by name. */
function findCycles(files: readonly ParsedFile[]): readonly string[] {
  const edges = new Map(
    files.map(({ path, imports }) => {
      const loaded = imports.filter(({ typeOnly }) => !typeOnly);
      return [path, loaded.map(({ specifier }) => targetOf(path, specifier) ?? '')];
    }),
  );
  const found = new Set<string>();
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) {
      const circle = trail.slice(at);
      const start = circle.indexOf([...circle].sort()[0] as string);
      found.add([...circle.slice(start), ...circle.slice(0, start)].join(' → '));
      return;
    }
    if (done.has(path)) return;
    for (const next of edges.get(path) ?? []) if (edges.has(next)) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return [...found].map((circle) => `${circle.split(' ')[0]}:1: imports go in a circle: ${circle}`);
}
