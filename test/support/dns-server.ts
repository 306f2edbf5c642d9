/** A small authoritative name server for tests: answers from records that the test may change at any time. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import * as dns from 'dns-packet';

export type DnsRecord =
  | { readonly type: 'A' | 'AAAA' | 'CNAME'; readonly value: string }
  | { readonly type: 'TXT'; readonly value: string | readonly string[] }
  | { readonly type: 'CAA'; readonly flags: number; readonly tag: string; readonly value: string };

/** What a name answers instead of records. */
export type DnsFailure = 'SERVFAIL' | 'REFUSED' | 'silence';

export interface DnsServer {
  /** `127.0.0.1:<port>`, as `acme.validation.resolvers` wants it. */
  readonly address: string;
  /** Adds a record; names are matched in any case, `*.zone` matches any name below. */
  add(name: string, record: DnsRecord): void;
  remove(name: string, type?: DnsRecord['type']): void;
  fail(name: string, failure: DnsFailure): void;
  /** Questions asked so far, as `TYPE name`. */
  readonly questions: readonly string[];
  stop(): Promise<void>;
}

/** Starts the server on loopback by UDP and TCP. Unknown names are NXDOMAIN. */
export async function startDnsServer(): Promise<DnsServer> {
  const records = new Map<string, DnsRecord[]>();
  const failures = new Map<string, DnsFailure>();
  const questions: string[] = [];

  const answer = (query: dns.DecodedPacket): Buffer | undefined => {
    const question = query.questions?.[0];
    const base = { type: 'response' as const, id: query.id ?? 0, questions: query.questions ?? [] };
    if (question === undefined) return dns.encode({ ...base, flags: 1 });
    const name = question.name.toLowerCase();
    questions.push(`${question.type} ${name}`);
    const failure = failures.get(name);
    if (failure === 'silence') return undefined;
    if (failure !== undefined) return dns.encode({ ...base, flags: failure === 'SERVFAIL' ? 2 : 5 });
    const known = lookUp(records, name);
    if (known === undefined) return dns.encode({ ...base, flags: dns.AUTHORITATIVE_ANSWER | 3 });
    return dns.encode({
      ...base,
      flags: dns.AUTHORITATIVE_ANSWER,
      answers: followAliases(records, name, question.type),
    });
  };

  const udp = createSocket('udp4');
  udp.on('message', (message, peer) => {
    const reply = answer(dns.decode(message));
    if (reply !== undefined) udp.send(reply, peer.port, peer.address);
  });
  udp.bind(0, '127.0.0.1');
  await once(udp, 'listening');
  const { port } = udp.address();

  const open = new Set<Socket>();
  const tcp = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
    let received: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
      const reply = answer(dns.decode(received.subarray(2)));
      if (reply === undefined) return;
      const length = Buffer.alloc(2);
      length.writeUInt16BE(reply.length);
      socket.end(Buffer.concat([length, reply]));
    });
  }).listen(port, '127.0.0.1');
  await once(tcp, 'listening');

  return {
    address: `127.0.0.1:${port}`,
    questions,
    add: (name, record) => {
      const key = name.toLowerCase();
      records.set(key, [...(records.get(key) ?? []), record]);
    },
    remove: (name, type) => {
      const key = name.toLowerCase();
      const kept = (records.get(key) ?? []).filter((record) => type !== undefined && record.type !== type);
      if (kept.length === 0) records.delete(key);
      else records.set(key, kept);
    },
    fail: (name, failure) => void failures.set(name.toLowerCase(), failure),
    stop: async () => {
      udp.close();
      for (const socket of open) socket.destroy();
      tcp.close();
      await once(tcp, 'close');
    },
  };
}

type Records = ReadonlyMap<string, readonly DnsRecord[]>;

function lookUp(records: Records, name: string): readonly DnsRecord[] | undefined {
  const exact = records.get(name);
  if (exact !== undefined) return exact;
  const labels = name.split('.');
  for (let at = 1; at < labels.length; at++) {
    const wildcard = records.get(`*.${labels.slice(at).join('.')}`);
    if (wildcard !== undefined) return wildcard;
  }
  // A name with something below it exists, though it has no records of its own.
  return [...records.keys()].some((known) => known.endsWith(`.${name}`)) ? [] : undefined;
}

function followAliases(records: Records, name: string, type: string): dns.Answer[] {
  const answers: dns.Answer[] = [];
  let current = name;
  for (let step = 0; step < 9; step++) {
    const here = lookUp(records, current) ?? [];
    answers.push(...here.filter((record) => record.type === type).map((record) => toAnswer(current, record)));
    const alias = here.find((record) => record.type === 'CNAME');
    if (alias === undefined || type === 'CNAME') return answers;
    answers.push(toAnswer(current, alias));
    current = String(alias.value).toLowerCase();
  }
  return answers;
}

function toAnswer(name: string, record: DnsRecord): dns.Answer {
  switch (record.type) {
    case 'CAA':
      return {
        name,
        type: 'CAA',
        ttl: 0,
        data: { flags: record.flags, tag: record.tag as 'issue', value: record.value },
      };
    case 'TXT':
      return { name, type: 'TXT', ttl: 0, data: record.value as string | string[] };
    default:
      return { name, type: record.type, ttl: 0, data: record.value };
  }
}
