import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeUtf8 } from '@tegata/core/codec/utf8';
import { fail, ok } from '@tegata/core/result';
import type { HttpProbeResponse, ProbeFault, Probes } from '../../ports/probes.ts';
import { http01 } from './http-01.ts';

const task = { identifier: 'host.example', token: 'tok', keyAuthorization: 'tok.thumb' };
const start = 'http://host.example/.well-known/acme-challenge/tok';
const signal = AbortSignal.timeout(60_000);

type Page = Partial<HttpProbeResponse> & { readonly text?: string; readonly location?: string };

/** Runs the challenge against pages by URL; what is not there refuses the connection. */
async function run(pages: Readonly<Record<string, Page | ProbeFault>>): Promise<{ outcome: string; asked: string[] }> {
  const asked: string[] = [];
  const probes = {
    async fetchHttp(url: URL) {
      asked.push(url.href);
      const page = pages[url.href] ?? { kind: 'connection', detail: 'refused' };
      if ('kind' in page) return fail(page);
      const headers = page.location === undefined ? {} : { location: page.location };
      return ok({ status: 200, headers, body: encodeUtf8(page.text ?? ''), truncated: false, ...page });
    },
  } as unknown as Probes;
  const result = await http01.validate(task, probes, signal);
  const outcome = result.ok ? 'met' : `${result.error.problem.type}${result.error.transient ? ' (transient)' : ''}`;
  return { outcome, asked };
}

const good = { text: task.keyAuthorization };

describe('http-01', () => {
  const contents: readonly [string, Page, string][] = [
    ['the key authorization', good, 'met'],
    ['a newline at the end', { text: 'tok.thumb\r\n' }, 'met'],
    ['blanks at the end', { text: 'tok.thumb \t' }, 'met'],
    ['a blank in front', { text: ' tok.thumb' }, 'incorrectResponse'],
    ['more text', { text: 'tok.thumb.more' }, 'incorrectResponse'],
    ['nothing', { text: '' }, 'incorrectResponse'],
    ['another thumbprint', { text: 'tok.other' }, 'incorrectResponse'],
    ['other case', { text: 'TOK.THUMB' }, 'incorrectResponse'],
    ['a body that does not end', { text: 'tok.thumb', truncated: true }, 'incorrectResponse'],
    ['bytes that are no text', { body: Uint8Array.of(0xff, 0xfe) }, 'incorrectResponse'],
    ['status 404', { ...good, status: 404 }, 'incorrectResponse'],
    ['status 206', { ...good, status: 206 }, 'incorrectResponse'],
    ['status 303', { ...good, status: 303, location: start }, 'incorrectResponse'],
    ['status 300', { ...good, status: 300, location: start }, 'incorrectResponse'],
  ];
  for (const [what, page, expected] of contents) {
    it(`judges ${what}: ${expected}`, async () => assert.equal((await run({ [start]: page })).outcome, expected));
  }

  it('does not show what came instead', async () => {
    const probes = {
      fetchHttp: async () => ok({ status: 200, headers: {}, body: encodeUtf8('secret'), truncated: false }),
    };
    const result = await http01.validate(task, probes as unknown as Probes, signal);
    assert.ok(!result.ok);
    assert.doesNotMatch(result.error.problem.detail, /secret/);
  });

  for (const status of [301, 302, 307, 308]) {
    it(`follows ${status} to http and https, relative and absolute`, async () => {
      const pages = {
        [start]: { status, location: '/moved?a=1' },
        'http://host.example/moved?a=1': { status, location: 'https://other.example/x#part' },
        'https://other.example/x': good,
      };
      assert.equal((await run(pages)).outcome, 'met');
    });
  }

  const targets = [
    'http://host.example:8080/x',
    'https://host.example:80/x',
    'http://host.example:443/x',
    'file:///etc/passwd',
    'ftp://host.example/x',
    'gopher://host.example/x',
    'javascript:alert(1)',
    'http://user@host.example/x',
    'http://user:pass@host.example/x',
    'http://',
    '',
    `http://host.example/${'a'.repeat(3000)}`,
  ];
  for (const location of targets) {
    it(`does not follow a redirect to ${JSON.stringify(location.slice(0, 40))}`, async () => {
      const { outcome, asked } = await run({ [start]: { status: 302, location } });
      assert.equal(outcome, 'incorrectResponse');
      assert.deepEqual(asked, [start]);
    });
  }

  it('does not follow a redirect without a target', async () => {
    assert.equal((await run({ [start]: { status: 302 } })).outcome, 'incorrectResponse');
  });

  it('gives up on a loop after ten redirects', async () => {
    const { outcome, asked } = await run({ [start]: { status: 302, location: start } });
    assert.equal(outcome, 'incorrectResponse');
    assert.equal(asked.length, 11);
  });

  const faults: readonly [ProbeFault['kind'], string][] = [
    ['dns', 'dns (transient)'],
    ['connection', 'connection (transient)'],
    ['tls', 'tls (transient)'],
    ['address_refused', 'connection'],
  ];
  for (const [kind, expected] of faults) {
    it(`reports ${kind} as ${expected}`, async () => {
      assert.equal((await run({ [start]: { kind, detail: 'x' } })).outcome, expected);
    });
  }
});
