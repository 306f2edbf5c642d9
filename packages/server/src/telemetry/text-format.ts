/** Log lines for people: time, level, message, then the fields. */

interface Line {
  readonly time: number;
  readonly level: string;
  readonly msg?: string;
  readonly [field: string]: unknown;
}

const colours: Readonly<Record<string, string>> = { debug: '2', info: '32', warn: '33', error: '31' };

/** Turns one JSON log line into one text line; the stacks of errors follow, indented. */
export function formatLine(json: string, colour: boolean): string {
  const { time, level, msg = '', ...fields } = JSON.parse(json) as Line;
  const paint = (code: string, text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const stacks: string[] = [];
  const words = Object.entries(fields).map(([name, value]) => {
    if (hasStack(value)) {
      stacks.push(value.stack.replaceAll(/^/gm, '    '));
      return '';
    }
    return ` ${paint('2', `${name}=`)}${typeof value === 'string' && !/[\s"=]/.test(value) ? value : JSON.stringify(value)}`;
  });
  const clock = new Date(time).toTimeString().slice(0, 8);
  const head = `${paint('2', clock)} ${paint(colours[level] ?? '0', level.padEnd(5))} ${msg}${words.join('')}`;
  return `${[head, ...stacks].join('\n')}\n`;
}

function hasStack(value: unknown): value is { readonly stack: string } {
  return typeof value === 'object' && value !== null && 'stack' in value && typeof value.stack === 'string';
}
