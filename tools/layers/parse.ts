/** What the layer check needs to know of a source file: its imports, how long its functions are, whether it is a barrel. */
import { parseSync, Visitor } from 'oxc-parser';
import type { SourceFile } from '../source-files.ts';

export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** Gone at run time. */
  readonly typeOnly: boolean;
}

interface FunctionSize {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

export interface ParsedFile extends SourceFile {
  readonly lines: number;
  readonly imports: readonly Import[];
  readonly functions: readonly FunctionSize[];
  /** Whether it does nothing but pass on what other files export. */
  readonly barrel: boolean;
}

interface Node {
  readonly start: number;
  readonly end: number;
}

/**
 * Parses a TypeScript file.
 * @throws when it is not one
 */
export function parseSource(file: SourceFile): ParsedFile {
  const { program, errors } = parseSync(file.path, file.text);
  const [first] = errors;
  if (first !== undefined) throw new Error(`${file.path}: ${first.message}`);
  const lineAt = lineFinder(file.text);
  const imports: Import[] = [];
  const functions: FunctionSize[] = [];
  const add = (node: Node, specifier: unknown, typeOnly: boolean) => {
    if (typeof specifier === 'string') imports.push({ specifier, line: lineAt(node.start), typeOnly });
  };
  const measure = (node: Node & { readonly id?: { readonly name: string } | null }) => {
    const line = lineAt(node.start);
    functions.push({ name: node.id?.name ?? 'a function', line, lines: lineAt(node.end) - line + 1 });
  };
  new Visitor({
    ImportDeclaration: (node) => {
      const named =
        node.specifiers.length > 0 && node.specifiers.every((one) => 'importKind' in one && one.importKind === 'type');
      add(node, node.source.value, node.importKind === 'type' || named);
    },
    ExportNamedDeclaration: (node) => add(node, node.source?.value, node.exportKind === 'type'),
    ExportAllDeclaration: (node) => add(node, node.source.value, node.exportKind === 'type'),
    ImportExpression: (node) => add(node, 'value' in node.source ? node.source.value : undefined, false),
    TSImportType: (node) => add(node, node.source.value, true),
    FunctionDeclaration: measure,
    FunctionExpression: measure,
    ArrowFunctionExpression: measure,
  }).visit(program);
  const passesOn = (statement: { readonly type: string }) =>
    statement.type === 'ExportAllDeclaration' ||
    (statement.type === 'ExportNamedDeclaration' && 'source' in statement && statement.source !== null);
  return {
    ...file,
    lines: file.text.trimEnd().split('\n').length,
    imports,
    functions,
    barrel: program.body.length > 0 && program.body.every(passesOn),
  };
}

function lineFinder(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}
