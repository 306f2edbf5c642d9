/** Another program run to its end on files of a folder of its own: how OpenSSL and GnuTLS serve as oracles. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ProgramRun {
  /** Exit status; `null` when the program was stopped after its time was up. */
  readonly status: number | null;
  readonly stdout: Buffer;
  /** Standard output and error together, as text: for looking into and for failure messages. */
  readonly text: string;
}

/**
 * Runs `program` for at most 30 s in a folder that is removed afterwards.
 * @param files name and content of what the folder holds at the start
 */
export function runProgram(
  program: string,
  args: readonly string[],
  files: Readonly<Record<string, string | Uint8Array>> = {},
): ProgramRun {
  const folder = mkdtempSync(join(tmpdir(), 'tegata-run-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content, { mode: 0o600 });
    const { status, stdout, stderr, error } = spawnSync(program, args, { cwd: folder, timeout: 30_000 });
    if (error !== undefined && stdout === null) throw error;
    return { status, stdout, text: `${stdout}${stderr}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
