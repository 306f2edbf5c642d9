/** What is wrong with a configuration, told so that it can be put right in one go. */

export interface Mistake {
  /** The option, keys joined by dots; empty for the file as a whole. */
  readonly path: string;
  /** Where it was written: `tegata.yaml line 3`, `TEGATA_LISTEN`, `--listen`. */
  readonly where: string;
  /** What was written, unless it may be secret. */
  readonly value?: string;
  /** Completes "expected …". */
  readonly expected: string;
  /** A known name close to an unknown one. */
  readonly suggestion?: string;
}

/** All mistakes as lines for a terminal. */
export function formatMistakes(mistakes: readonly Mistake[]): string {
  const count = mistakes.length === 1 ? 'one mistake' : `${mistakes.length} mistakes`;
  return [`The configuration has ${count}:`, ...mistakes.map((mistake) => `  ${formatMistake(mistake)}`)].join('\n');
}

function formatMistake({ path, where, value, expected, suggestion }: Mistake): string {
  const subject = path === '' ? where : path === where ? path : `${path} (${where})`;
  const got = value === undefined ? '' : `, got ${value}`;
  const hint = suggestion === undefined ? '' : `; did you mean ${suggestion}?`;
  return `${subject}: expected ${expected}${got}${hint}`;
}

/** A value on one short line, for messages. */
export function showValue(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** The candidate that `name` was most likely meant to be; `undefined` when none is close. */
export function closest(name: string, candidates: readonly string[]): string | undefined {
  const allowed = Math.max(1, Math.floor(name.length / 3));
  let best: string | undefined;
  let bestDistance = allowed + 1;
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one short text into the other. */
function editDistance(from: string, to: string): number {
  if (from.length > 100 || to.length > 100) return Number.POSITIVE_INFINITY;
  const rows = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    rows.push(current);
    for (let column = 1; column <= to.length; column++) {
      const [a, b] = [from[row - 1], to[column - 1]];
      const swapped =
        a === to[column - 2] && b === from[row - 2] ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY;
      const replaced = at(row - 1, column - 1) + (a === b ? 0 : 1);
      current.push(Math.min(at(row - 1, column) + 1, at(row, column - 1) + 1, replaced, swapped));
    }
  }
  return at(from.length, to.length);
}
