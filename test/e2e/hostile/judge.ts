/** What every answer to a hostile request has to look like. */
import assert from 'node:assert/strict';
import { parseJsonObject } from '@tegata/core/codec/json';
import { problemTypes } from '@tegata/server/acme/problems';
import { oauthErrors } from '@tegata/server/oauth/errors';
import type { Attack } from './attack.ts';
import type { RawAnswer } from './raw-http.ts';

/** In which form an endpoint says that something is wrong. */
export type ErrorFormat = 'oauth' | 'acme' | 'page' | 'plain';

/** What no answer may show: a trace, a source file, the engine below, or the folders of this installation. */
const internals =
  /\n\s+at |node:internal|node_modules|\.[mc]?[jt]s:\d|packages\/server|sqlite|constraint failed|\bundefined\b|\[object /i;

/** @param secrets texts of the installation that nobody outside may see */
export function judge(
  attack: Attack,
  answer: RawAnswer | 'closed',
  format: ErrorFormat,
  secrets: readonly string[],
): void {
  if (answer === 'closed') {
    assert.equal(attack.expect, 'unreadable', 'the connection was closed without an answer');
    return;
  }
  const { status, text, header } = answer;
  assert.ok(status >= 200 && status < 500, `status ${status}`);
  if (attack.status !== undefined) assert.equal(status, attack.status);
  if (attack.expect !== 'answered' && !asksToSignIn(answer)) {
    assert.ok(status >= 400, `status ${status}, but nothing good was asked`);
  }
  assert.equal(header('x-content-type-options'), 'nosniff');
  assert.doesNotMatch(text, internals);
  for (const secret of secrets) assert.ok(!text.includes(secret), `the answer shows ${secret}`);
  assert.deepEqual(repeatedFields(answer), [], 'fields that may stand once only');
  assert.equal(header('x-injected'), undefined, 'a header field was injected');
  if (text.length > 0) assert.match(header('content-type') ?? '', /^[a-z]+\/[a-z+-]+/);
  if (header('content-type')?.startsWith('text/html') === true) judgePage(answer);
  if (status >= 400) judgeError(attack, answer, format);
  if (status >= 300 && status < 400) judgeRedirect(answer);
}

/** Pages that are a person's own look at nothing before they know whose they are. */
function asksToSignIn({ status, header }: RawAnswer): boolean {
  return status === 303 && header('location') === '/login';
}

function judgeError(attack: Attack, answer: RawAnswer, format: ErrorFormat): void {
  const { status, text, header } = answer;
  if (status === 405) assert.match(header('allow') ?? '', /^[A-Z]+(, [A-Z]+)*$/);
  const type = header('content-type') ?? '';
  // A HEAD request, and a request without any token, are told by status and fields alone.
  if (text === '' && (isHead(attack) || (status === 401 && header('www-authenticate') !== undefined))) return;
  // What is not HTTP, and an address where nothing is, belong to no protocol.
  if (type.startsWith('text/plain') && (format === 'plain' || attack.expect === 'unreadable' || status === 404)) {
    assert.match(text, /^[A-Z].{10,300}\.\n$/s);
    return;
  }
  if (format === 'oauth') judgeOAuthError(answer);
  else if (format === 'acme') judgeProblem(answer);
  else assert.match(type, format === 'page' ? /^text\/html; charset=utf-8$/ : /^text\/plain; charset=utf-8$/);
}

function isHead({ request }: Attack): boolean {
  return typeof request === 'object' && request.method === 'HEAD';
}

function judgeOAuthError({ status, text, header }: RawAnswer): void {
  assert.equal(header('content-type'), 'application/json');
  assert.equal(header('cache-control'), 'no-store');
  const { error, error_description: description } = membersOf(text);
  assert.ok(typeof error === 'string' && Object.hasOwn(oauthErrors, error), `error ${error}`);
  assert.match(String(description), /^[\x20\x21\x23-\x5b\x5d-\x7e]{10,300}$/);
  if (status === 401) assert.match(header('www-authenticate') ?? '', /^(Basic|Bearer) /);
}

function judgeProblem({ status, text, header }: RawAnswer): void {
  assert.equal(header('content-type'), 'application/problem+json');
  const problem = membersOf(text);
  const nowhere = status === 404 && String(problem.detail).startsWith('There is nothing at ');
  if (!nowhere) {
    assert.match(header('replay-nonce') ?? '', /^[A-Za-z0-9_-]{16,}$/);
    assert.match(header('link') ?? '', /;rel="index"/);
  }
  const name = String(problem.type).replace('urn:ietf:params:acme:error:', '');
  assert.ok(Object.hasOwn(problemTypes, name), `type ${problem.type}`);
  assert.equal(problem.status, status);
  assert.ok(String(problem.detail).length > 10, 'the detail says nothing');
}

function judgePage({ text, header }: RawAnswer): void {
  assert.match(header('content-security-policy') ?? '', /default-src 'none'.*frame-ancestors 'none'/s);
  assert.match(header('cache-control') ?? '', /no-store/);
  assert.equal(header('referrer-policy'), 'no-referrer');
  assert.match(text, /^<!doctype html>\n?<html lang="[a-z]+"/i);
  assert.doesNotMatch(text, /<script|(href|src|action)="?javascript:/i);
}

function judgeRedirect({ header }: RawAnswer): void {
  const location = header('location');
  if (location === undefined) return;
  const error = new URL(location, 'https://localhost').searchParams.get('error');
  if (error !== null) assert.ok(Object.hasOwn(oauthErrors, error), `error ${error}`);
}

const repeatable = ['set-cookie', 'link', 'www-authenticate'];

function repeatedFields({ headers }: RawAnswer): readonly string[] {
  const names = headers.map(([name]) => name).filter((name) => !repeatable.includes(name));
  return names.filter((name, at) => names.indexOf(name) !== at);
}

function membersOf(text: string) {
  const parsed = parseJsonObject(text);
  assert.ok(parsed.ok, `no JSON object: ${text.slice(0, 200)}`);
  return parsed.value;
}
