/** Programs beside npm's that the tests use, and how they come onto a Debian machine. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findProgram } from '../../test/support/require-program.ts';

interface DebianPackage {
  readonly name: string;
  /** A program or file that is there when the package is. */
  readonly evidence: string;
  readonly why: string;
}

const packages: readonly DebianPackage[] = [
  { name: 'openssl', evidence: 'openssl', why: 'verifies certificates, requests and revocation lists' },
  { name: 'gnutls-bin', evidence: 'certtool', why: 'gives a second opinion on certificates' },
  { name: 'curl', evidence: 'curl', why: 'is what the documentation asks with' },
  { name: 'sqlite3', evidence: 'sqlite3', why: 'makes backups, as the documentation shows' },
  { name: 'certbot', evidence: 'certbot', why: 'gets, renews and revokes certificates as a real client' },
  { name: 'pebble', evidence: 'pebble', why: 'is the ACME server that the bench compares with' },
  { name: 'chromium', evidence: 'chromium', why: 'signs in and consents as a real browser' },
  {
    name: 'fonts-noto-cjk',
    evidence: '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
    why: 'shows the Japanese pages in screenshots',
  },
];

/** Installs what is missing where that needs no question; otherwise says what will be skipped and what to run. */
export function installDebianPackages(): void {
  const missing = packages.filter(({ evidence }) => !isThere(evidence));
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name);
  const prefix = rightToInstall();
  if (prefix === undefined || findProgram('apt-get') === undefined) {
    console.error('Some programs are missing; tests that need them are skipped:');
    for (const { name, why } of missing) console.error(`  ${name.padEnd(15)} ${why}`);
    console.error(`Install them with: sudo apt-get install ${names.join(' ')}`);
    return;
  }
  console.error(`Installing Debian packages for the tests: ${names.join(', ')} …`);
  const failure =
    run([...prefix, 'apt-get', 'update', '-qq']) ??
    run([...prefix, 'apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...names]);
  if (failure !== undefined)
    console.error(`${failure}\nThey could not be installed; tests that need them are skipped.`);
}

function isThere(evidence: string): boolean {
  return evidence.startsWith('/') ? existsSync(evidence) : findProgram(evidence) !== undefined;
}

/** What to put in front of a command that needs root; `undefined` when we are not and may not become root. */
function rightToInstall(): readonly string[] | undefined {
  if (process.getuid?.() === 0) return [];
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : undefined;
}

/** Runs a command quietly; the end of its output when it fails. */
function run([program = '', ...args]: readonly string[]): string | undefined {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, stdout, stderr } = spawnSync(program, args, { env, encoding: 'utf8', maxBuffer: 1 << 26 });
  return status === 0 ? undefined : `${stdout}${stderr}`.trim().split('\n').slice(-8).join('\n');
}
