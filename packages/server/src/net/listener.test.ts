import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { RequestListener, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { connect as connectSecurely } from 'node:tls';
import { encodePem } from '@tegata/core/codec/pem';
import { exportPublicKeyInfo } from '@tegata/core/crypto';
import { unwrap } from '@tegata/core/result';
import { createTestAuthority, generateKeys } from '../../../../test/support/certificates.ts';
import { type Listener, listen } from './listener.ts';

const host = '127.0.0.1';
/** Longer than the test may take: what is closed is closed for its own reason. */
const deadline = 60_000;
const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

const authority = createTestAuthority('ES256', Date.now());
const { privateKey, publicKey } = generateKeys('ES256');
const leaf = authority.issue({
  publicKeyInfo: exportPublicKeyInfo(publicKey),
  names: [{ type: 'dns', value: 'localhost' }],
});
const credentials = {
  certificatePem: encodePem('CERTIFICATE', leaf),
  keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
};
const root = encodePem('CERTIFICATE', authority.certificate);

const sockets: Socket[] = [];
const listeners: Listener[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(listeners.splice(0).map((listener) => listener.close(0)));
});

async function open(handler: RequestListener, protocol: 'http' | 'https' = 'http'): Promise<Listener> {
  const listener = unwrap(await listen({ host, port: 0 }, handler, protocol));
  listeners.push(listener);
  return listener;
}

async function dial(port: number): Promise<Socket> {
  const socket = connect(port, host);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

/** Everything that comes until the other end closes. */
async function readAll(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
  });
  await once(socket, 'close');
  return text;
}

describe('a listener', () => {
  it('does HTTPS once it has a certificate, and refuses connections before', async () => {
    const listener = await open((_request, response) => void response.end('hello'), 'https');
    const early = connectSecurely({ port: listener.port, host, servername: 'localhost', ca: root });
    const [error] = await once(early, 'error');
    assert.match(String(error), /alert|disconnected|reset/i);
    listener.reload(credentials);
    const socket = connectSecurely({ port: listener.port, host, servername: 'localhost', ca: root });
    sockets.push(socket);
    await once(socket, 'secureConnect');
    socket.write(get('/').replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
    assert.match(await readAll(socket), /hello/);
  });

  it('says that a port is in use and what to do', async () => {
    const { port } = await open(() => {});
    const second = await listen({ host, port }, () => {}, 'http');
    assert.ok(!second.ok);
    assert.equal(second.error.code, 'in-use');
    assert.match(second.error.detail, new RegExp(`Port ${port} .*stop the program`));
  });

  it('answers what is no HTTP with a sentence', async () => {
    const { port } = await open(() => assert.fail('no request was made'));
    const socket = await dial(port);
    socket.write('hello\r\n\r\n');
    assert.match(await readAll(socket), /^HTTP\/1\.1 400 .*nosniff.*\r\n\r\nThe request is not well-formed HTTP/s);
  });
});

describe('a listener that closes', () => {
  it('refuses new connections and ends idle ones at once', async () => {
    const listener = await open((_request, response) => void response.end('hello'));
    const idle = await dial(listener.port);
    idle.write(get('/'));
    await once(idle, 'data');
    const silent = await dial(listener.port);
    await Promise.all([listener.close(deadline), readAll(idle), readAll(silent)]);
    const [error] = await once(connect(listener.port, host), 'error');
    assert.equal((error as NodeJS.ErrnoException).code, 'ECONNREFUSED');
  });

  it('does not wait for handshakes that nobody goes on with', async () => {
    const listener = await open(() => {}, 'https');
    listener.reload(credentials);
    const silent = await dial(listener.port);
    await Promise.all([listener.close(deadline), readAll(silent)]);
  });

  it('waits for the answer to a request that came behind one just answered', async () => {
    const waiting: ServerResponse[] = [];
    let closed: Promise<void> | undefined;
    const listener = await open((request, response) => {
      if (request.url === '/first') response.end('first');
      else {
        // The first answer has been given, and Node has not heard yet that it was sent.
        waiting.push(response);
        closed = listener.close(deadline);
      }
    });
    const socket = await dial(listener.port);
    socket.write(get('/first') + get('/second'));
    await once(socket, 'data');
    setImmediate(() => waiting[0]?.end('second'));
    assert.match(await readAll(socket), /second$/);
    await closed;
  });

  it('lets an answer that is being sent arrive whole', async () => {
    const size = 32 * 1024 * 1024;
    const listener = await open((_request, response) => void response.end(Buffer.alloc(size, 'a')));
    const socket = await dial(listener.port);
    socket.write(get('/'));
    await once(socket, 'readable');
    const closed = listener.close(deadline);
    const text = await readAll(socket);
    assert.equal(text.length - text.indexOf('\r\n\r\n') - 4, size);
    await closed;
  });

  it('cuts off what is not done by the deadline', async () => {
    const listener = await open(() => {});
    const socket = await dial(listener.port);
    socket.write(get('/'));
    await Promise.all([listener.close(10), readAll(socket)]);
  });
});
