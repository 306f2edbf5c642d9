/**
 * `npm run bench`: starts Tegata and its peers, alternates them in rounds of one run, and prints one table.
 * Everything on loopback, bounded in count. Options: `--quick` (a tenth of the units), `--only tokens|certificates`,
 * `--rounds N`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findProgram } from '../test/support/require-program.ts';
import { measureCertificates } from './certificates.ts';
import { measureFloor } from './flows/floor.ts';
import { formatTable, type Row } from './lib/table.ts';
import { measureTokens } from './tokens.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    rounds: { type: 'string', default: '3' },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'tegata-bench-'));
const plan = { rounds: Number(values.rounds), scale: values.quick ? 0.1 : 1, folder, progress: say };

try {
  const floor = measureFloor(folder);
  const signature = 1e6 / floor.signatures;
  const rows: Row[] = [];
  if (values.only !== 'certificates') rows.push(...(await measureTokens(plan)));
  if (values.only !== 'tokens') {
    const pebble = findProgram('pebble');
    if (pebble === undefined)
      say('pebble is not installed (apt-get install pebble): certificates are measured without a peer');
    rows.push(...(await measureCertificates(plan, pebble)));
  }
  process.stdout.write(`\nNode ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}\n`);
  process.stdout.write(
    `Floor in this run: ${whole(floor.signatures)} ES256 signatures/s (${signature.toFixed(0)} us each), ` +
      `${whole(floor.verifications)} verifications/s, ${whole(floor.commits)} durable single commits/s, one core each.\n\n`,
  );
  process.stdout.write(`${formatTable(rows, signature)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
