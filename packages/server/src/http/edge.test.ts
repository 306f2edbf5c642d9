import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { HttpRequest, HttpResponse } from '@tegata/core/http/message';
import { systemClock } from '@tegata/core/time/clock';
import type { EdgeFault, Endpoint } from '../ports/endpoint.ts';
import { createEdge } from './edge.ts';
import { createNotFound } from './not-found.ts';

const logged: string[] = [];
const log = {
  debug() {},
  info() {},
  warn() {},
  error: (_fields: unknown, message: string) => void logged.push(message),
};
const metrics = { count() {}, observe() {} };

function plain(status: number, body = '', headers: readonly string[] = []): HttpResponse {
  return { status, body, headers: ['Content-Type', 'text/plain', ...headers] };
}

function statusOf(fault: EdgeFault): number {
  const table = {
    method_not_allowed: 405,
    unsupported_media_type: 415,
    body_too_large: 413,
    body_unreadable: 400,
    unavailable: 503,
    defect: 500,
  };
  return table[fault.kind];
}

function endpoint(partial: Partial<Endpoint> & Pick<Endpoint, 'name' | 'path' | 'handle'>): Endpoint {
  return {
    methods: ['GET', 'POST'],
    body: { mediaType: 'application/x-www-form-urlencoded', limit: 32 },
    cors: 'none',
    refuse: (fault) => plain(statusOf(fault), fault.kind),
    ...partial,
  };
}

const echo = (request: HttpRequest): HttpResponse =>
  plain(200, `${request.method} ${request.query} ${Buffer.from(request.body)}`);

describe('edge', () => {
  let server: Server;
  let origin: string;
  const aborted: string[] = [];
  const edge = createEdge({
    isOutage: (error) => error instanceof RangeError,
    endpoints: [
      endpoint({ name: 'echo', path: '/echo', handle: echo }),
      endpoint({ name: 'later', path: '/later', handle: async (request) => echo(request) }),
      endpoint({ name: 'open', path: '/open', cors: 'any', methods: ['GET'], handle: echo }),
      endpoint({
        name: 'throws',
        path: '/throws',
        handle: () => {
          throw new Error('secret inside');
        },
      }),
      endpoint({ name: 'rejects', path: '/rejects', handle: () => Promise.reject(new Error('secret inside')) }),
      endpoint({ name: 'outage', path: '/outage', handle: () => Promise.reject(new RangeError('disk is full')) }),
      endpoint({
        name: 'broken',
        path: '/broken',
        handle: () => Promise.reject(new Error('first')),
        refuse: () => {
          throw new Error('second');
        },
      }),
      endpoint({
        name: 'waits',
        path: '/waits',
        handle: (_request, { signal }) =>
          new Promise((resolve) => {
            signal.addEventListener('abort', () => {
              aborted.push('gone');
              resolve(plain(200));
            });
          }),
      }),
    ],
    notFound: createNotFound(''),
    peerOf: () => ({ address: '127.0.0.1', secure: false }),
    nextRequestId: () => 'r1',
    commonHeaders: ['X-Content-Type-Options', 'nosniff'],
    clock: systemClock,
    log,
    metrics,
  });

  before(async () => {
    server = createServer(edge.handler).listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close());

  /** Sends bytes as they are and returns everything that comes back until the server closes. */
  async function raw(bytes: string, end = true): Promise<string> {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
      if (!end) socket.destroy();
    });
    socket.write(bytes);
    if (end) socket.end();
    await once(socket, 'close');
    return answer;
  }

  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  for (const path of ['/echo', '/later']) {
    it(`gives ${path} the query and the body, and its answer back with length and common headers`, async () => {
      const response = await fetch(`${origin}${path}?a=1`, { method: 'POST', headers: form, body: 'b=2' });
      assert.equal(await response.text(), 'POST a=1 b=2');
      assert.equal(response.headers.get('content-length'), '12');
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    });
  }

  it('answers HEAD with the headers of GET and no content', async () => {
    const response = await fetch(`${origin}/open?x`, { method: 'HEAD' });
    assert.equal(response.headers.get('content-length'), '7');
    assert.equal(await response.text(), '');
  });

  it('answers an unknown path with 404 and no echo of what cannot be printed', async () => {
    const answer = await raw('GET /<script>\u0001 HTTP/1.1\r\nHost: x\r\n\r\n');
    assert.equal(answer.includes('\u0001'), false);
    const response = await fetch(`${origin}/nothing`);
    assert.equal(response.status, 404);
    const acme = await fetch(`${origin}/acme/nothing`);
    assert.equal(acme.headers.get('content-type'), 'application/problem+json');
    assert.match(await acme.text(), /urn:ietf:params:acme:error:malformed/);
  });

  const refused: readonly [string, RequestInit, number][] = [
    ['a method that the path does not have', { method: 'DELETE' }, 405],
    ['another media type', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }, 415],
    ['a compressed body', { method: 'POST', headers: { ...form, 'content-encoding': 'gzip' }, body: 'x' }, 415],
    ['a body over the limit', { method: 'POST', headers: form, body: 'a'.repeat(33) }, 413],
  ];
  for (const [what, init, status] of refused) {
    it(`refuses ${what} with ${status} in the words of the endpoint`, async () => {
      const response = await fetch(`${origin}/echo`, init);
      assert.equal(response.status, status);
    });
  }

  it('refuses a chunked body that grows over the limit, and closes', async () => {
    const chunk = `10\r\n${'a'.repeat(16)}\r\n`;
    const answer = await raw(
      `POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(3)}`,
    );
    assert.match(answer, /^HTTP\/1\.1 413 /);
    assert.match(answer, /Connection: close/i);
  });

  it('does not run an endpoint on a truncated body', async () => {
    const answer = await raw(
      'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 20\r\n\r\nabc',
    );
    assert.doesNotMatch(answer, / 200 /);
  });

  for (const bytes of [
    'GARBAGE\r\n\r\n',
    'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: nonsense\r\n\r\n',
    `GET /echo HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`,
  ]) {
    it(`answers 4xx to ${JSON.stringify(bytes.slice(0, 60))}`, async () => {
      assert.match(await raw(bytes), /^HTTP\/1\.1 4\d\d /);
    });
  }

  it('tells what is down from what is wrong', async () => {
    const response = await fetch(`${origin}/outage`);
    assert.deepEqual([response.status, await response.text()], [503, 'unavailable']);
  });

  for (const path of ['/throws', '/rejects', '/broken']) {
    it(`turns a defect in ${path} into a 500 that tells nothing, and logs it`, async () => {
      const before = logged.length;
      const response = await fetch(origin + path);
      assert.equal(response.status, 500);
      assert.doesNotMatch(await response.text(), /secret|first|second/);
      assert.ok(logged.length > before);
    });
  }

  it('lets scripts of other origins call open endpoints and no others', async () => {
    const headers = { origin: 'https://app.example' };
    const open = await fetch(`${origin}/open`, { headers });
    const closed = await fetch(`${origin}/echo`, { headers });
    assert.equal(open.headers.get('access-control-allow-origin'), '*');
    assert.equal(closed.headers.get('access-control-allow-origin'), null);
    const preflight = await fetch(`${origin}/open`, { method: 'OPTIONS', headers });
    assert.equal(preflight.status, 204);
    assert.equal((await fetch(`${origin}/echo`, { method: 'OPTIONS', headers })).status, 405);
  });

  it('aborts the signal of an endpoint whose client has gone', async () => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write('GET /waits HTTP/1.1\r\nHost: x\r\n\r\n');
    while (edge.active() === 0) await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    while (edge.active() !== 0) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(aborted, ['gone']);
  });

  it('closes connections once it drains', async () => {
    edge.drain();
    const response = await fetch(`${origin}/echo`);
    assert.equal(response.headers.get('connection'), 'close');
  });
});
