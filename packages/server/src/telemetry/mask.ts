/** Takes secrets out of what is about to be logged: by type, by field name, and by the shape of tokens inside texts. */
import { types } from 'node:util';
import { Secret } from '@tegata/core/secret';

const masked = '[masked]';
const deepest = 6;
const longestList = 50;
const longestText = 4_000;

/** Field names, in lower case without separators, whose values are never logged, whatever they look like. */
const secretNames = new Set([
  'accesstoken',
  'assertion',
  'authorization',
  'clientassertion',
  'clientsecret',
  'codeverifier',
  'cookie',
  'idtoken',
  'idtokenhint',
  'initialaccesstoken',
  'passphrase',
  'password',
  'privatekey',
  'refreshtoken',
  'registrationaccesstoken',
  'secret',
  'setcookie',
  'setuplink',
  'token',
]);

/** `<id>.<secret>`: the id may stay, it finds the row and opens nothing. */
const handles = /\b([0-9a-v]{21})\.[A-Za-z0-9_-]{32}(?![A-Za-z0-9_-])/g;
/** Three base64url parts of which the first is a JSON object: a signed or encrypted token. */
const webTokens = /\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_.-]*/g;
const pemKeys = /-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(-----END [A-Z ]*PRIVATE KEY-----)?/g;
const urlPasswords = /\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s/@]+@/gi;

/** A text with every token, handle, private key and password in it replaced. */
export function maskText(text: string): string {
  const short = text.length > longestText ? `${text.slice(0, longestText)}…` : text;
  return short
    .replaceAll(webTokens, '[token]')
    .replaceAll(handles, `$1.${masked}`)
    .replaceAll(pemKeys, '[private key]')
    .replaceAll(urlPasswords, `$1:${masked}@`);
}

/** The fields of a log line as plain, bounded data without secrets. */
export function maskFields(fields: object): Record<string, unknown> {
  return maskMembers(fields, 0);
}

function maskMembers(value: object, depth: number): Record<string, unknown> {
  const entries = Object.entries(value).slice(0, longestList);
  return Object.fromEntries(
    entries.map(([name, member]) => [name, isSecretName(name) ? masked : maskValue(member, depth + 1)]),
  );
}

function isSecretName(name: string): boolean {
  return secretNames.has(name.toLowerCase().replaceAll(/[_-]/g, ''));
}

function maskValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return maskText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Secret || types.isKeyObject(value)) return masked;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Error) return maskError(value, depth);
  if (depth >= deepest) return '[…]';
  if (Array.isArray(value)) return value.slice(0, longestList).map((item) => maskValue(item, depth + 1));
  if (value instanceof Date || value instanceof URL) return maskText(String(value));
  return maskMembers(value, depth);
}

function maskError(error: Error, depth: number): Record<string, unknown> {
  const described: Record<string, unknown> = { type: error.name, message: maskText(error.message) };
  if ('code' in error) described.code = maskValue(error.code, deepest);
  if (error.stack !== undefined) described.stack = maskText(error.stack);
  if (error.cause !== undefined && depth < deepest) described.cause = maskValue(error.cause, depth + 1);
  return described;
}
