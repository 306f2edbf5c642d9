/**
 * Turns a page of the documentation into a bash script: what is not to be run becomes an empty line, so that a line of the script is
 * the same line of the page and bash names it right when something fails.
 */

export interface ExpectedLine {
  /** Line of the page that states it. */
  readonly line: number;
  /** Line of the fence of the block that prints it. */
  readonly of: number;
  /** `…` stands for anything. */
  readonly text: string;
}

export interface PageScript {
  readonly text: string;
  readonly expected: readonly ExpectedLine[];
  /** Programs that the page names as its needs. */
  readonly needs: readonly string[];
  /** Whether there is anything to run. */
  readonly runs: boolean;
}

/** Printed before the output of each block, followed by the line of its fence. */
export const blockMark = '@@@ block ';

const endOfFile = 'END OF FILE';
const stopComment = '<!-- stop the server -->';

interface Fence {
  readonly line: number;
  /** Blanks before it: a block inside a list. */
  readonly indent: number;
  readonly kind: 'run' | 'server' | 'file' | 'output' | 'other';
}

/** Reads a page. @throws for a word after a fence that means nothing: it would silently run less than its author thinks */
export function readPage(page: string): PageScript {
  const expected: ExpectedLine[] = [];
  const needs = new Set<string>();
  let fence: Fence | undefined;
  let lastRun = 0;
  const toScriptLine = (whole: string, line: number): string => {
    const opening = /^( *)```\S+ ?(.*)$/.exec(whole);
    if (fence === undefined && opening !== null) {
      const [, blanks = '', info = ''] = opening;
      const words = info.split(' ').filter((word) => word !== '');
      fence = { line, indent: blanks.length, kind: kindOf(words, line) };
      for (const word of words) if (word.startsWith('needs=')) needs.add(word.slice('needs='.length));
      if (fence.kind === 'run' || fence.kind === 'server') lastRun = line;
      return openingLine(fence, words);
    }
    if (fence === undefined) return whole === stopComment ? 'stop_server' : '';
    const text = whole.slice(fence.indent);
    if (text === '```') {
      const { kind } = fence;
      fence = undefined;
      return kind === 'server' ? `} > "$server_log" 2>&1 & await_server $!` : kind === 'file' ? endOfFile : '';
    }
    if (fence.kind === 'output' && text.trim() !== '') expected.push({ line, of: lastRun, text });
    return fence.kind === 'other' || fence.kind === 'output' ? '' : text;
  };
  const lines = page.split('\n').map((text, at) => toScriptLine(text, at + 1));
  return { text: lines.join('\n'), expected, needs: [...needs], runs: lastRun > 0 };
}

function kindOf(words: readonly string[], line: number): Fence['kind'] {
  const meant = words.filter((word) => !word.startsWith('needs='));
  const [first, second] = meant;
  if (first === undefined && words.length === 0) return 'other';
  if (first === 'run' && (second === undefined || second === 'server')) return second ?? 'run';
  if (first === 'output' && meant.length === 1) return 'output';
  if (first?.startsWith('file=') && meant.length === 1) return 'file';
  throw new Error(`line ${line}: "${words.join(' ')}" after a fence means nothing`);
}

function openingLine({ kind, line }: Fence, words: readonly string[]): string {
  switch (kind) {
    case 'run':
      return `echo '${blockMark}${line}'`;
    case 'server':
      return `echo '${blockMark}${line}'; stop_server; set -m; {`;
    case 'file':
      return `cat > '${words[0]?.slice('file='.length)}' <<'${endOfFile}'`;
    case 'output':
    case 'other':
      return '';
  }
}
