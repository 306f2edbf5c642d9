import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { ok } from '@tegata/core/result';
import { requireProgram } from '../../../../../test/support/require-program.ts';
import { createFetchHttp, type HttpProbeOptions } from './http.ts';

const never = new AbortController().signal;

/** A fetch whose names all have these addresses, and whose policy refuses those of `refused`. */
function fetcher(port: number, addresses: readonly string[], refused: readonly string[] = []) {
  const asked: string[] = [];
  const options: HttpProbeOptions = {
    dns: {
      async resolveAddresses(host) {
        asked.push(host);
        return ok(addresses);
      },
    },
    checkAddress: (address) => (refused.includes(address) ? 'forbidden here' : undefined),
    httpPort: port,
    tlsPort: port,
  };
  return { fetch: createFetchHttp(options), asked };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

describe('HTTP probe', () => {
  const open: Server[] = [];
  const sockets = new Set<Socket>();

  async function serve(listener: RequestListener): Promise<number> {
    const server = createHttpServer(listener);
    open.push(server);
    return listen(server);
  }

  /** A server of raw bytes: what it does with a connection is up to the test. */
  async function serveRaw(handle: (socket: Socket) => void): Promise<number> {
    const server = createTcpServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      handle(socket);
    });
    open.push(server);
    return listen(server);
  }

  after(() => {
    for (const socket of sockets) socket.destroy();
    for (const server of open) server.close();
  });

  it('connects to the port that stands in for 80, with the host of the URL', async () => {
    const seen: (string | undefined)[] = [];
    const port = await serve((request, response) => {
      seen.push(
        request.method,
        request.url,
        request.headers.host,
        request.headers.cookie,
        request.headers.authorization,
      );
      response.end('hello');
    });
    const { fetch } = fetcher(port, ['127.0.0.1']);
    const result = await fetch(new URL('http://host.example/a/b?c=d'), 100, never);
    assert.ok(result.ok);
    assert.equal(result.value.status, 200);
    assert.equal(Buffer.from(result.value.body).toString(), 'hello');
    assert.equal(result.value.truncated, false);
    assert.deepEqual(seen, ['GET', '/a/b?c=d', 'host.example', undefined, undefined]);
  });

  it('looks a name up once and connects to what was vetted, whatever the name means a moment later', async () => {
    const port = await serve((_request, response) => response.end('vetted'));
    let calls = 0;
    const fetch = createFetchHttp({
      // The second answer would be another host.
      dns: { resolveAddresses: async () => ok([calls++ === 0 ? '127.0.0.1' : '127.0.0.2']) },
      checkAddress: (address) => (address === '127.0.0.1' ? undefined : 'another host'),
      httpPort: port,
      tlsPort: port,
    });
    const result = await fetch(new URL('http://rebind.example/'), 100, never);
    assert.ok(result.ok);
    assert.equal(calls, 1);
  });

  it('never connects to an address that is refused', async () => {
    let connections = 0;
    const port = await serveRaw((socket) => {
      connections++;
      socket.end();
    });
    const { fetch } = fetcher(port, ['127.0.0.1'], ['127.0.0.1']);
    const result = await fetch(new URL('http://host.example/'), 100, never);
    assert.ok(!result.ok);
    assert.equal(result.error.kind, 'address_refused');
    assert.match(result.error.detail, /127\.0\.0\.1, which is forbidden here/);
    assert.equal(connections, 0);
  });

  for (const host of ['127.0.0.1', '0x7f.1', '2130706433', '[::ffff:127.0.0.1]']) {
    it(`vets the address in a URL that names ${host}`, async () => {
      const asked: string[] = [];
      const fetch = createFetchHttp({
        dns: { resolveAddresses: async (name) => ok([name]) },
        checkAddress: (address) => {
          asked.push(address);
          return 'refused';
        },
        httpPort: 1,
        tlsPort: 1,
      });
      const result = await fetch(new URL(`http://${host}/`), 100, never);
      assert.ok(!result.ok && result.error.kind === 'address_refused');
      assert.match(asked[0] ?? '', /^(127\.0\.0\.1|::ffff:7f00:1)$/);
    });
  }

  it('passes over refused addresses when another is allowed', async () => {
    const port = await serve((_request, response) => response.end('ok'));
    const { fetch } = fetcher(port, ['169.254.169.254', '127.0.0.1'], ['169.254.169.254']);
    assert.ok((await fetch(new URL('http://host.example/'), 100, never)).ok);
  });

  it('tries IPv4 when IPv6 does not connect', async () => {
    const port = await serve((_request, response) => response.end('four'));
    const { fetch } = fetcher(port, ['127.0.0.1', '::1']);
    const result = await fetch(new URL('http://host.example/'), 100, never);
    assert.ok(result.ok);
  });

  it('does not try another address once one has answered badly', async () => {
    let connections = 0;
    const port = await serveRaw((socket) => {
      connections++;
      socket.end('no http\r\n\r\n');
    });
    const { fetch } = fetcher(port, ['127.0.0.1', '127.0.0.1']);
    const result = await fetch(new URL('http://host.example/'), 100, never);
    assert.ok(!result.ok);
    assert.match(result.error.detail, /valid HTTP/);
    assert.equal(connections, 1);
  });

  it('reports a refused connection', async () => {
    const port = await serve(() => {});
    const closed = open.pop() as Server;
    closed.close();
    await once(closed, 'close');
    const result = await fetcher(port, ['127.0.0.1']).fetch(new URL('http://host.example/'), 100, never);
    assert.ok(!result.ok);
    assert.equal(result.error.kind, 'connection');
    assert.match(result.error.detail, /refused the connection/);
  });

  it('does not follow redirects', async () => {
    const port = await serve((_request, response) =>
      response.writeHead(302, { location: 'http://other.example/' }).end(),
    );
    const { fetch, asked } = fetcher(port, ['127.0.0.1']);
    const result = await fetch(new URL('http://host.example/'), 100, never);
    assert.ok(result.ok);
    assert.equal(result.value.status, 302);
    assert.equal(result.value.headers.location, 'http://other.example/');
    assert.deepEqual(asked, ['host.example']);
  });

  it('reads no more of a huge body than it was asked to', async () => {
    let closed = false;
    const port = await serve((request, response) => {
      const chunk = Buffer.alloc(65_536, 'x');
      const more = (): void => {
        while (!closed && response.write(chunk));
      };
      response.on('drain', more);
      request.socket.on('close', () => {
        closed = true;
      });
      more();
    });
    const result = await fetcher(port, ['127.0.0.1']).fetch(new URL('http://host.example/'), 512, never);
    assert.ok(result.ok);
    assert.equal(result.value.truncated, true);
    assert.equal(result.value.body.length, 512);
  });

  it('reads a body of exactly the limit as whole', async () => {
    const port = await serve((_request, response) => response.end('x'.repeat(512)));
    const result = await fetcher(port, ['127.0.0.1']).fetch(new URL('http://host.example/'), 512, never);
    assert.ok(result.ok && !result.value.truncated && result.value.body.length === 512);
  });

  const broken: readonly [string, string][] = [
    ['headers without end', `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`],
    ['a body that is cut off', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc'],
    ['a chunk that is cut off', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    ['a switch of protocols', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'],
    ['nothing', ''],
    ['TLS', '\u0015\u0003\u0001\u0000\u0002\u0002F'],
  ];
  for (const [what, bytes] of broken) {
    it(`reports ${what} as a connection fault`, async () => {
      const port = await serveRaw((socket) => socket.once('data', () => socket.end(bytes)));
      const result = await fetcher(port, ['127.0.0.1']).fetch(new URL('http://host.example/'), 512, never);
      assert.ok(!result.ok);
      assert.equal(result.error.kind, 'connection');
    });
  }

  const pits: readonly [string, (socket: Socket) => void][] = [
    ['before the headers', () => {}],
    ['within the headers', (socket) => void socket.write('HTTP/1.1 200 OK\r\nX: a')],
    ['within the body', (socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc')],
    ['after interim answers', (socket) => void socket.write('HTTP/1.1 103 Early Hints\r\n\r\n')],
  ];
  for (const [where, act] of pits) {
    it(`leaves a tar pit ${where} when its time is up, and closes the connection`, async () => {
      const controller = new AbortController();
      const gone = Promise.withResolvers<void>();
      const port = await serveRaw((socket) => {
        socket.on('close', () => gone.resolve());
        socket.once('data', () => {
          act(socket);
          setImmediate(() => controller.abort());
        });
      });
      const result = await fetcher(port, ['127.0.0.1']).fetch(new URL('http://host.example/'), 512, controller.signal);
      assert.ok(!result.ok);
      assert.equal(result.error.kind, 'connection');
      await gone.promise;
    });
  }

  it('does nothing when its time is up before it begins', async () => {
    const port = await serveRaw(() => assert.fail('connected'));
    const result = await fetcher(port, ['127.0.0.1']).fetch(new URL('http://host.example/'), 512, AbortSignal.abort());
    assert.ok(!result.ok);
  });
});

describe('HTTPS probe', { skip: requireProgram('openssl', 'openssl').skip }, () => {
  let port = 0;
  let server: Server;
  const names: (string | false | undefined)[] = [];

  before(async () => {
    const pem = execFileSync(
      requireProgram('openssl', 'openssl').path,
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-keyout',
        '-',
        '-subj',
        '/CN=expired',
        '-days',
        '1',
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    ).toString();
    server = createHttpsServer({ key: pem, cert: pem }, (request, response) => {
      names.push((request.socket as { servername?: string | false }).servername);
      response.end('secure');
    });
    port = await listen(server);
  });
  after(() => server.close());

  it('fetches from a host with a certificate that nobody trusts, naming the host', async () => {
    const result = await fetcher(port, ['127.0.0.1']).fetch(new URL('https://host.example/'), 100, never);
    assert.ok(result.ok);
    assert.equal(Buffer.from(result.value.body).toString(), 'secure');
    assert.deepEqual(names, ['host.example']);
  });

  it('reports a host that does not speak TLS', async () => {
    const plain = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    });
    const plainPort = await listen(plain);
    const result = await fetcher(plainPort, ['127.0.0.1']).fetch(new URL('https://host.example/'), 100, never);
    plain.close();
    assert.ok(!result.ok);
    assert.equal(result.error.kind, 'tls');
  });
});
