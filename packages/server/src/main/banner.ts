/** What a person sees when the server is ready: where things are, how to trust it, what to try. */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { formatHostPort, type HostPort } from '../config/values.ts';

export interface BannerFacts {
  readonly version: string;
  readonly issuer: string;
  readonly plainBaseUrl: string;
  /** `undefined` when off. */
  readonly metrics: HostPort | undefined;
  readonly data: string;
  readonly store: string;
  /** Where the key that encrypts the keys comes from. */
  readonly keySource: string;
  readonly rootPath: string;
  /** SHA-256 of the root certificate. */
  readonly rootDigest: Uint8Array;
  /** Link that makes the first user; `undefined` once there is one. */
  readonly setupLink: string | undefined;
  /** Port that http-01 connects to, which the certificate command has to answer on. */
  readonly validationPort: number;
  /** Options to repeat in commands, such as `--data /srv/tegata`. */
  readonly options: readonly string[];
  readonly seconds: number;
  readonly colour: boolean;
}

const width = 13;

/** The lines, without line ends. */
export function formatBanner(facts: BannerFacts): readonly string[] {
  const { issuer } = facts;
  const root = shown(facts.rootPath);
  const metrics = facts.metrics === undefined ? 'off' : `http://${formatHostPort(facts.metrics)}/metrics`;
  const command = (words: string, prefix = '') => [`${prefix}npx tegata`, words, ...facts.options.map(quote)].join(' ');
  const seal = facts.colour ? '\u001b[41m  \u001b[0m' : '■';
  return [
    '',
    `  ${seal} Tegata ${facts.version}`,
    '',
    ...rows([
      ['Server', issuer],
      ['OpenID', `${issuer}/.well-known/openid-configuration`],
      ['ACME', `${issuer}/acme/directory`],
      ['Root CA', `${facts.plainBaseUrl}/ca/root.pem, also in ${root}`],
      ['', `SHA-256 ${fingerprint(facts.rootDigest)}`],
      ['Metrics', metrics],
      ['Data', `${shown(facts.data)} (${facts.store})`],
      ['Keys', facts.keySource],
    ]),
    '',
    ...(facts.setupLink === undefined ? [] : setupLines(facts.setupLink)),
    '  Trust this root on this machine:',
    `    ${trustCommand(root)}`,
    '',
    '  Try it, in another terminal:',
    `    ${command('try token')}`,
    `    ${command('try certificate', needsRoot(facts.validationPort) ? 'sudo ' : '')}`,
    '',
    `  Ready in ${facts.seconds.toFixed(1)} s. Stop with Ctrl-C.`,
    '',
  ];
}

function setupLines(link: string): readonly string[] {
  return ['  Make the first user, the administrator, within a day:', `    ${link}`, ''];
}

function rows(pairs: readonly (readonly [string, string])[]): readonly string[] {
  return pairs.map(([name, value]) => `  ${name.padEnd(width)}${value}`);
}

/** Upper-case pairs in groups, as other tools print it. */
function fingerprint(digest: Uint8Array): string {
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':');
}

function trustCommand(root: string): string {
  switch (process.platform) {
    case 'darwin':
      return `sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain ${quote(root)}`;
    case 'win32':
      return `certutil -addstore Root ${quote(root)}`;
    default:
      return `sudo cp ${quote(root)} /usr/local/share/ca-certificates/tegata.crt && sudo update-ca-certificates`;
  }
}

/** Whether this user cannot bind the port. */
function needsRoot(port: number): boolean {
  if (process.getuid?.() === 0 || process.platform === 'win32') return false;
  return port < firstUnprivilegedPort();
}

function firstUnprivilegedPort(): number {
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
  } catch {
    return 1024;
  }
}

/** Relative where that is shorter. */
function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return short.length > 0 && short.length < path.length && !short.startsWith('..') ? short : path;
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
