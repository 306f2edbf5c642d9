/** Who is at the other end of a request: the connection itself, or what a listed proxy says of it. */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { HttpPeer } from '@tegata/core/http/message';

/**
 * Builds the peer function.
 * Only a proxy whose address is listed may speak for others: its last X-Forwarded-For entry and its X-Forwarded-Proto count;
 * from anybody else both fields are ignored.
 * @param proxies addresses or CIDR ranges, already validated
 */
export function createPeerReader(proxies: readonly string[]): (message: IncomingMessage) => HttpPeer {
  const trusted = toBlockList(proxies);
  return (message) => {
    const { socket } = message;
    const address = withoutMapping(socket.remoteAddress ?? '');
    const direct = { address, secure: (socket as TLSSocket).encrypted === true };
    if (proxies.length === 0 || !contains(trusted, address)) return direct;
    return {
      address: forwardedAddress(message.headers['x-forwarded-for'], trusted) ?? address,
      secure: direct.secure || lastOf(message.headers['x-forwarded-proto']) === 'https',
    };
  };
}

/** Walks from the nearest hop outwards and stops at the first address that is not one of our proxies. */
function forwardedAddress(field: string | string[] | undefined, trusted: BlockList): string | undefined {
  const hops = (Array.isArray(field) ? field.join(',') : (field ?? ''))
    .split(',')
    .map((hop) => withoutMapping(hop.trim()));
  for (const hop of hops.reverse()) {
    if (isIP(hop) === 0) return undefined;
    if (!contains(trusted, hop)) return hop;
  }
  return undefined;
}

function lastOf(field: string | string[] | undefined): string | undefined {
  const text = Array.isArray(field) ? field.at(-1) : field;
  return text?.split(',').at(-1)?.trim().toLowerCase();
}

function withoutMapping(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}

function contains(list: BlockList, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

function toBlockList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}
