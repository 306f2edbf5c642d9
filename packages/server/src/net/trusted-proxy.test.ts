import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { describe, it } from 'node:test';
import { createPeerReader } from './trusted-proxy.ts';

function message(remoteAddress: string, headers: Record<string, string> = {}, encrypted = false): IncomingMessage {
  return { socket: { remoteAddress, encrypted }, headers } as unknown as IncomingMessage;
}

describe('trusted proxy', () => {
  const peer = createPeerReader(['10.0.0.0/8', '192.0.2.7', 'fd00::/8']);
  const forwarded = { 'x-forwarded-for': '198.51.100.1', 'x-forwarded-proto': 'https' };

  it('ignores forwarding fields from a peer that is not listed', () => {
    assert.deepEqual(peer(message('198.51.100.9', forwarded)), { address: '198.51.100.9', secure: false });
  });

  it('ignores them from everybody when no proxy is listed', () => {
    assert.deepEqual(createPeerReader([])(message('10.0.0.1', forwarded)), { address: '10.0.0.1', secure: false });
  });

  it('believes a listed proxy, also one seen as an IPv4-mapped address', () => {
    assert.deepEqual(peer(message('::ffff:10.1.2.3', forwarded)), { address: '198.51.100.1', secure: true });
  });

  it('takes the nearest address that is no proxy, not the one that the client made up', () => {
    const headers = { 'x-forwarded-for': '203.0.113.5, 198.51.100.1, 192.0.2.7' };
    assert.equal(peer(message('10.0.0.1', headers)).address, '198.51.100.1');
  });

  for (const field of ['', 'unknown', 'evil, 10.0.0.2', '198.51.100.1:443', '<script>']) {
    it(`falls back to the proxy's own address for ${JSON.stringify(field)}`, () => {
      assert.equal(peer(message('10.0.0.1', { 'x-forwarded-for': field })).address, '10.0.0.1');
    });
  }

  it('knows a TLS connection by itself', () => {
    assert.equal(peer(message('198.51.100.9', {}, true)).secure, true);
  });
});
