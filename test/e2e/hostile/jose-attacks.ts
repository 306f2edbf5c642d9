/** Attacks on endpoints that take signed requests: what is no JWS, and what is signed properly but must not be done. */
import { encodeBase64url } from '@tegata/core/codec/base64url';
import type { JsonObject } from '@tegata/core/codec/json';
import { encodeUtf8 } from '@tegata/core/codec/utf8';
import { type AcmeKey, createAcmeKey, createCsr } from '../../support/acme.ts';
import { type Attack, long, shown, type Target, typeOf, writingMethod } from './attack.ts';
import { segments } from './http-attacks.ts';
import { brokenObjects } from './json-attacks.ts';

/** What an attacker with an account knows. */
export interface AcmeKnowledge {
  readonly issuer: string;
  readonly account: { readonly url: string; readonly key: AcmeKey };
  /** Base64url DER of a certificate of the account. */
  readonly certificate: string;
  nonce(): Promise<string>;
}

export function joseAttacks(target: Target, known: AcmeKnowledge): readonly Attack[] {
  return [
    ...shapeAttacks(target),
    ...headerAttacks(target, known),
    ...payloadAttacks(target, known),
    ...addressAttacks(target, known),
  ];
}

function* shapeAttacks(target: Target): Iterable<Attack> {
  const request = { method: writingMethod(target), target: target.path, headers: typeOf(target) };
  const send = (name: string, body: string | Uint8Array): Attack => ({
    name,
    request: { ...request, body },
    expect: 'refused',
  });
  for (const [name, body] of brokenObjects) yield send(`body: ${name}`, body);
  yield send('a compact JWS', 'eyJhbGciOiJub25lIn0..');
  const good: JsonObject = { protected: 'eyJhbGciOiJFUzI1NiJ9', payload: '', signature: 'AAAA' };
  yield send('no signature by a known key', JSON.stringify(good));
  yield send('a general JWS', JSON.stringify({ payload: '', signatures: [good] }));
  yield send('an unprotected header', JSON.stringify({ ...good, header: { alg: 'none' } }));
  for (const member of ['protected', 'payload', 'signature']) {
    for (const value of [undefined, null, 5, [], {}, ['eyJ9'], 'A', 'AA==', 'A+/A', 'é', ' ', '\n', 'e30', long]) {
      if (value === good[member]) continue;
      yield send(
        `${member}: ${shown(JSON.stringify(value) ?? 'absent')}`,
        JSON.stringify({ ...good, [member]: value }),
      );
    }
  }
}

const evil = 'https://evil.example/acme/account/0';
const anyKind: readonly unknown[] = [null, true, 5, [], {}, '', '\u0000', '__proto__'];

const wrongHeaders: Readonly<Record<string, readonly unknown[]>> = {
  alg: [undefined, ...anyKind, 'none', 'HS256', 'RS512', 'es256'],
  nonce: [undefined, ...anyKind, 'x', '!!!!', 'AAAA', long],
  url: [undefined, ...anyKind, evil, 'https://localhost/', '/acme/new-order', long],
  kid: [undefined, ...anyKind, evil, `${evil}${long}`],
  jwk: [
    ...anyKind.filter((value) => value !== undefined),
    { kty: 'oct', k: 'AAAA' },
    { kty: 'EC' },
    { kty: '__proto__' },
  ],
  crit: [[], ['b64'], 'b64'],
  b64: [false],
  zip: ['DEF'],
};

/** Signed by the right key, under a header that says something else. */
function* headerAttacks(target: Target, known: AcmeKnowledge): Iterable<Attack> {
  for (const [member, values] of Object.entries(wrongHeaders)) {
    for (const value of values) {
      const name = `header ${member}: ${shown(JSON.stringify(value) ?? 'absent')}`;
      const change = (header: Record<string, unknown>): void => {
        if (member === 'jwk') delete header.kid;
        if (member === 'kid') delete header.jwk;
        header[member] = value;
      };
      yield { name, request: () => sign(target, known, encodeUtf8('{}'), change), expect: 'refused' };
    }
  }
  const both = (header: Record<string, unknown>): void => {
    header.kid = known.account.url;
    header.jwk = known.account.key.jwk;
  };
  yield {
    name: 'header with kid and jwk',
    request: () => sign(target, known, encodeUtf8('{}'), both),
    expect: 'refused',
  };
  const stranger = createAcmeKey();
  const signedByOther = () => sign(target, known, encodeUtf8('{}'), () => {}, stranger);
  yield { name: 'signed by another key', request: signedByOther, expect: 'refused' };
}

const dns = (value: unknown): unknown => ({ type: 'dns', value });
const badNames = [
  '',
  '.',
  '..',
  '*',
  '*.*.a.test',
  'a..test',
  '-a.test',
  'a_b.test',
  'a b.test',
  'é.test',
  'xn--a.test',
  '\u0000',
  'a.test\r\nX-Injected: yes',
];
const badIdentifiers: readonly unknown[] = [
  [],
  [5],
  [[]],
  [{}],
  [{ type: 'dns' }],
  [{ type: 5, value: 'a.test' }],
  [{ type: '__proto__', value: 'a.test' }],
  [{ type: 'email', value: 'a@a.test' }],
  ...[5, null, ['a.test'], { a: 1 }, '127.0.0.1', `${'a.'.repeat(200)}test`, 'a'.repeat(64), ...badNames].map(
    (value) => [dns(value)],
  ),
  [dns('a.test'), dns('A.test')].concat([dns('..')]),
  Array.from({ length: 1000 }, (_, at) => dns(`${at}.test`)),
];
const badContacts: readonly unknown[] = [
  'mailto:a@b.test',
  [5],
  [null],
  [[]],
  ['x'],
  ['tel:5'],
  ['mailto:a@b.test,c@d.test'],
  ['mailto:a\r\nBcc:x@b.test'],
  [`mailto:${long}@b.test`],
  Array.from({ length: 50 }, (_, at) => `mailto:${at}@b.test`),
];
const never: readonly unknown[] = [null, true, 5, 1.5, {}, { a: 1 }];
const noList = ['', 'x', ...never];
const noText = [[], [[]], ...never];
const noFlag = [null, 5, 'true', [], {}];
const badTimes = [
  '',
  'yesterday',
  '2026-13-01T00:00:00Z',
  '9999999-01-01T00:00:00Z',
  '2001-01-01T00:00:00Z',
  ...noText,
];

/** Members that each resource reads, with values that it must not accept. */
function wrongMembers({ certificate }: AcmeKnowledge): Readonly<Record<string, readonly JsonObject[]>> {
  const each = (member: string, values: readonly unknown[], rest: JsonObject = {}): JsonObject[] =>
    values.map((value) => ({ ...rest, [member]: value }) as JsonObject);
  const identifiers = [{ type: 'dns', value: 'good.test' }];
  const csr = createCsr(['other.test']).csr;
  const damaged = [
    csr.slice(0, 40),
    `${csr}AAAA`,
    csr.slice(0, -8),
    `A${csr.slice(1)}`,
    'MAA',
    'MIIBAA',
    '=',
    'é',
    long,
    '',
  ];
  return {
    newAccount: [
      ...each('contact', [...noList, ...badContacts]),
      ...each('termsOfServiceAgreed', noFlag),
      ...each('onlyReturnExisting', noFlag),
    ],
    account: [
      ...each('contact', [...noList, ...badContacts]),
      ...each('status', ['revoked', '__proto__', '', ...noText]),
    ],
    newOrder: [
      ...each('identifiers', [undefined, ...noList, ...badIdentifiers]),
      ...each(
        'notBefore',
        badTimes.filter((time) => time !== '2001-01-01T00:00:00Z'),
        { identifiers },
      ),
      ...each('notAfter', badTimes, { identifiers }),
      ...each('profile', ['', 'x', '__proto__', ...noText], { identifiers }),
    ],
    finalize: each('csr', [undefined, csr, ...damaged, ...noText]),
    authorization: each('status', [undefined, 'valid', 'invalid', '__proto__', '', ...noText]),
    revokeCert: [
      ...each('certificate', [undefined, csr, ...damaged, `${certificate}AAAA`, ...noText]),
      ...each('reason', [2, 6, 7, 8, 10, 11, -1, 1e30, 1.5, 'x', null, true, [], {}], { certificate }),
    ],
    keyChange: [{}, { protected: 5 }, { protected: 'e30', payload: 'e30', signature: 'e30' }, { payload: '' }],
  };
}

/** Signed by the right key, with a payload that must not be acted upon. */
function* payloadAttacks(target: Target, known: AcmeKnowledge): Iterable<Attack> {
  const send = (name: string, payload: Uint8Array): Attack => ({
    name: `payload ${name}`,
    request: () => sign(target, known, payload),
    expect: 'refused',
  });
  // Where an empty payload reads the resource it is a good one.
  for (const [name, text] of brokenObjects.slice(1)) yield send(name, Buffer.from(text as string));
  const members = wrongMembers(known)[target.endpoint.name.replace(/^acme\./, '')] ?? [];
  for (const payload of members) {
    const text = JSON.stringify(payload);
    yield send(shown(text), Buffer.from(text));
  }
}

/** Signed by the right key, about something that is not there. */
function* addressAttacks(target: Target, known: AcmeKnowledge): Iterable<Attack> {
  const template = target.endpoint.path;
  if (!template.includes('{')) return;
  for (const segment of segments) {
    const path = template.replace(/\{[^}]*\}/g, segment);
    for (const payload of ['', '{}']) {
      const request = () => sign({ ...target, path }, known, Buffer.from(payload));
      yield { name: `signed parameters ${shown(segment)} ${payload}`, request, expect: 'refused' };
    }
  }
}

async function sign(
  target: Target,
  known: AcmeKnowledge,
  payload: Uint8Array,
  change: (header: Record<string, unknown>) => void = () => {},
  key: AcmeKey = known.account.key,
) {
  const byKey = target.endpoint.name === 'acme.newAccount';
  const signer = byKey ? { jwk: known.account.key.jwk } : { kid: known.account.url };
  const url = known.issuer + target.path;
  const header: Record<string, unknown> = { alg: key.algorithm, ...signer, nonce: await known.nonce(), url };
  change(header);
  const encodedHeader = encodeBase64url(encodeUtf8(JSON.stringify(header)));
  const encodedPayload = encodeBase64url(payload);
  const signature = encodeBase64url(await key.sign(encodeUtf8(`${encodedHeader}.${encodedPayload}`)));
  const body = JSON.stringify({ protected: encodedHeader, payload: encodedPayload, signature });
  return { method: 'POST', target: target.path, headers: typeOf(target), body };
}
