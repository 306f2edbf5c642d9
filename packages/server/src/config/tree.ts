/** The configuration before it is checked: values by path, and where each was written. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Mistake } from './mistakes.ts';

/** Keys and values as written; a section is a tree again. */
export type Tree = { [key: string]: unknown };

export interface SourceTree {
  readonly tree: Tree;
  /** Path → place. */
  readonly origins: Map<string, string>;
}

export interface ParsedFile extends SourceTree {
  readonly mistakes: readonly Mistake[];
}

const maximumDepth = 16;

/** Reads a YAML (or JSON) file. An empty value counts as left out. `name` is how messages call the file. */
export function parseFile(name: string, text: string): ParsedFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: '1.2', prettyErrors: false });
  const origins = new Map<string, string>();
  const mistakes: Mistake[] = [...document.errors, ...document.warnings].map(({ message, pos }) => ({
    path: '',
    where: `${name} line ${lines.linePos(pos[0]).line}`,
    expected: `well-formed YAML: ${message.split('\n')[0]}`,
  }));
  if (mistakes.length > 0 || document.contents === null) return { tree: {}, origins, mistakes };
  const convert = (node: unknown, path: string, depth: number): unknown => {
    if (depth > maximumDepth) return undefined;
    if (isAlias(node)) return convert(node.resolve(document), path, depth + 1);
    const offset = (node as Node | null)?.range?.[0];
    if (offset !== undefined) origins.set(path, `${name} line ${lines.linePos(offset).line}`);
    if (isSeq(node)) return node.items.map((item) => convert(item, path, depth + 1));
    if (isScalar(node)) return node.value ?? undefined;
    if (!isMap(node)) return undefined;
    const entries = node.items.map(({ key, value }) => {
      const text = String(isScalar(key) ? key.value : key);
      return [text, convert(value, path === '' ? text : `${path}.${text}`, depth + 1)] as const;
    });
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  };
  const tree = convert(document.contents, '', 0);
  if (isTree(tree)) return { tree, origins, mistakes };
  return {
    tree: {},
    origins,
    mistakes: [{ path: '', where: name, expected: 'keys with values, such as "listen: localhost:8443"' }],
  };
}

/** Whether a value is a section rather than the value of an option. */
function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Writes a value at a path, over what was there; a wrong value where a section belongs stays, to be reported. */
export function setAt({ tree, origins }: SourceTree, path: string, value: unknown, where: string): void {
  const keys = path.split('.');
  const last = keys.pop() as string;
  let at = tree;
  for (const key of keys) {
    at[key] ??= {};
    const next = at[key];
    if (!isTree(next)) return;
    at = next;
  }
  at[last] = value;
  origins.set(path, where);
}

/** What was written at a path. */
export function valueAt(tree: Tree, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (isTree(at) && Object.hasOwn(at, key) ? at[key as string] : undefined),
    tree,
  );
}

/** A copy of the tree without these paths. */
export function without(tree: Tree, paths: ReadonlySet<string>, prefix = ''): Tree {
  const entries = Object.entries(tree)
    .filter(([key]) => !paths.has(prefix + key))
    .map(([key, value]) => [key, isTree(value) ? without(value, paths, `${prefix}${key}.`) : value]);
  return Object.fromEntries(entries);
}
