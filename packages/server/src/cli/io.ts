/** What a command can see of the terminal and the process; tests give their own. */
import type { Readable } from 'node:stream';

export interface Io {
  /** Results, for people or programs. */
  out(text: string): void;
  /** Progress and errors. */
  err(text: string): void;
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether standard output is a terminal that wants colours. */
  readonly colour: boolean;
}

/** The streams of this process. */
export function processIo(): Io {
  const { stdout, stderr, stdin, env } = process;
  // A reader that has gone away, as in `tegata … | head`, is no error of ours.
  stdout.on('error', ignoreBrokenPipe);
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    input: stdin,
    environment: env,
    colour: stdout.isTTY === true && !env.NO_COLOR,
  };
}

function ignoreBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
