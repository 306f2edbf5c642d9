/** Reads a password without showing it: from the terminal, twice, or the first line of what is piped in. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { ok, type Result } from '@tegata/core/result';
import { type CliFault, failure } from './command.ts';
import type { Io } from './io.ts';

const longestInput = 4_096;

/** The password, or why there is none. */
export async function readPassword(io: Io): Promise<Result<string, CliFault>> {
  if (io.input.isTTY !== true) return readFirstLine(io);
  const first = await ask(io, 'Password: ');
  const second = await ask(io, 'Password, once more: ');
  return first === second ? ok(first) : failure('The two passwords differ. Nothing was changed.');
}

async function ask(io: Io, question: string): Promise<string> {
  io.err(question);
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: io.input, output: silence, terminal: true });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    io.err('\n');
  }
}

async function readFirstLine({ input }: Io): Promise<Result<string, CliFault>> {
  let text = '';
  for await (const chunk of input.setEncoding('utf8')) {
    text += chunk;
    if (text.includes('\n') || text.length > longestInput) break;
  }
  const [line = ''] = text.split(/\r?\n/);
  return line === '' ? failure('No password came in on standard input.') : ok(line);
}
