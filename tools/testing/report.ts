/** Listens to a run of Node's test runner: a line per file, failures and skips in full, counts at the end. */
import type { TestsStream } from 'node:test';
import { inspect } from 'node:util';

interface Counts {
  readonly tests: number;
  readonly passed: number;
  readonly cancelled: number;
  readonly skipped: number;
  readonly todo: number;
}

export interface Report extends Counts {
  readonly failed: number;
  /** Whether every test passed, and none was skipped where that counts as a failure. */
  readonly success: boolean;
}

interface ReportOptions {
  readonly write: (line: string) => void;
  /** Turns the absolute path of a test file into what people know it by. */
  readonly shorten: (path: string) => string;
  readonly skipsFail: boolean;
}

interface TestEvent {
  readonly name: string;
  readonly file?: string;
  readonly nesting: number;
  readonly skip?: string | boolean;
  readonly details: { readonly type?: string; readonly error?: Error & { readonly failureType?: string } };
}

/** Resolves when the run has ended. */
export async function reportRun(stream: TestsStream, options: ReportOptions): Promise<Report> {
  const { write, shorten, skipsFail } = options;
  const failures: string[] = [];
  const skips: string[] = [];
  const output = new Map<string, string>();
  let total: Counts = { tests: 0, passed: 0, cancelled: 0, skipped: 0, todo: 0 };

  const keepOutput = ({ file, message }: { readonly file?: string; readonly message: string }) => {
    const path = file ?? '';
    output.set(path, ((output.get(path) ?? '') + message).slice(-20_000));
  };
  stream.on('test:stdout', keepOutput);
  stream.on('test:stderr', keepOutput);
  stream.on('test:pass', (event: TestEvent) => {
    if (event.skip === undefined || event.skip === false) return;
    const reason = event.skip === true ? 'no reason given' : event.skip;
    skips.push(`${shorten(event.file ?? '')}: ${event.name}\n    ${reason}`);
  });
  stream.on('test:fail', (event: TestEvent) => {
    if (event.details.error?.failureType === 'subtestsFailed') return;
    failures.push(describeFailure(event, shorten, output.get(event.file ?? '')));
  });
  stream.on('test:summary', ({ file, counts, duration_ms, success }) => {
    if (file === undefined) total = counts;
    else {
      const seconds = (duration_ms / 1000).toFixed(1).padStart(6);
      write(`${success ? 'ok  ' : 'FAIL'} ${seconds} s ${String(counts.tests).padStart(5)}  ${shorten(file)}`);
    }
  });
  await new Promise((resolve, reject) => {
    stream.once('end', resolve).once('error', reject);
    stream.resume();
  });

  writeList(write, 'Skipped', skips);
  writeList(write, 'Failed', failures);
  if (skipsFail && skips.length > 0) write('\nWith CI=true a skipped test counts as a failure.');
  write('');
  const { tests, passed, cancelled, skipped, todo } = total;
  const failed = tests - passed - cancelled - skipped - todo;
  for (const line of [
    `tests ${tests}`,
    `pass ${passed}`,
    `fail ${failed}`,
    `cancelled ${cancelled}`,
    `skipped ${skipped}`,
  ]) {
    write(`ℹ ${line}`);
  }
  const success = tests > 0 && failed + cancelled + failures.length === 0 && !(skipsFail && skips.length > 0);
  return { ...total, failed, success };
}

function describeFailure(event: TestEvent, shorten: (path: string) => string, output: string | undefined): string {
  const { error } = event.details;
  const cause = error?.cause ?? error;
  const wholeFile = event.nesting === 0 && error?.failureType === 'testCodeFailure' && event.name === event.file;
  const said = wholeFile && output !== undefined ? `\n${output.trimEnd()}` : '';
  const text = `${inspect(cause, { depth: 4 })}${said}`;
  return `${shorten(event.file ?? '')}: ${event.name}\n${text.replaceAll(/^/gm, '    ')}`;
}

function writeList(write: (line: string) => void, title: string, items: readonly string[]): void {
  if (items.length > 0) write(`\n${title}:`);
  for (const item of items) write(`  ${item}`);
}
