/**
 * Questions to the DNS: a fresh socket for each, bounded in time, and "there is none" told apart from "nobody answered".
 * @spec RFC 1035 §4.1.1
 * @spec RFC 8555 §8.4
 * @spec RFC 8659 §3
 */
import { type CaaRecord as NodeCaaRecord, Resolver, promises as system } from 'node:dns';
import { isIP } from 'node:net';
import { fail, ok, type Result } from '@tegata/core/result';
import type { CaaRecord, ProbeFault } from '../../ports/probes.ts';
import { createGate } from './gate.ts';

export interface Dns {
  resolveTxt(name: string, signal: AbortSignal): Promise<Result<readonly string[], ProbeFault>>;
  resolveCaa(name: string, signal: AbortSignal): Promise<Result<readonly CaaRecord[], ProbeFault>>;
  /** Addresses of a host, or the host itself when it is an address; at least one. */
  resolveAddresses(host: string, signal: AbortSignal): Promise<Result<readonly string[], ProbeFault>>;
}

/** Milliseconds until an unanswered question is asked again. */
const questionTimeout = 3000;
const tries = 2;
/** The system's own lookup blocks a thread of the pool that signatures and passwords need as well: only a few at a time. */
const systemLookups = 2;

/**
 * @param resolvers name servers as `host:port`; when empty those of the system are asked, and for addresses the system itself,
 *   so that its hosts file, multicast DNS and `localhost` work
 */
export function createDns(resolvers: readonly string[]): Dns {
  const gate = createGate(systemLookups);

  /** One question, on a resolver of its own: its source port is not that of any other question, and it can be cancelled alone. */
  const ask = async <T>(
    name: string,
    question: (resolver: Resolver, answer: (error: NodeJS.ErrnoException | null, found: T[]) => void) => void,
    signal: AbortSignal,
  ): Promise<Result<readonly T[], ProbeFault>> => {
    const servers = await locate(resolvers);
    if (servers === undefined)
      return fail(unanswered(name, 'the name servers of this CA are themselves not to be found'));
    const resolver = new Resolver({ timeout: questionTimeout, tries });
    if (servers.length > 0) resolver.setServers(servers);
    return new Promise((resolve) => {
      const cancel = (): void => resolver.cancel();
      signal.addEventListener('abort', cancel);
      question(resolver, (error, found) => {
        signal.removeEventListener('abort', cancel);
        resolve(error === null ? ok(found) : faultOf(error, name));
      });
      if (signal.aborted) cancel();
    });
  };

  const askAddresses = async (host: string, signal: AbortSignal): Promise<Result<readonly string[], ProbeFault>> => {
    const [six, four] = await Promise.all([
      ask<string>(host, (resolver, answer) => resolver.resolve6(host, answer), signal),
      ask<string>(host, (resolver, answer) => resolver.resolve4(host, answer), signal),
    ]);
    const found = [...(six.ok ? six.value : []), ...(four.ok ? four.value : [])];
    if (found.length > 0) return ok(found);
    return !six.ok ? six : !four.ok ? four : noAddress(host);
  };

  const askSystem = (host: string, signal: AbortSignal): Promise<Result<readonly string[], ProbeFault>> =>
    gate.pass(
      signal,
      async () => {
        try {
          const found = await system.lookup(host, { all: true, verbatim: true });
          return ok(found.map(({ address }) => address));
        } catch (error) {
          const fault = faultOf(error as NodeJS.ErrnoException, host);
          return fault.ok ? noAddress(host) : fault;
        }
      },
      () => fail(unanswered(host, 'nobody answered in time')),
    );

  return {
    async resolveTxt(name, signal) {
      const found = await ask<string[]>(name, (resolver, answer) => resolver.resolveTxt(name, answer), signal);
      return found.ok ? ok(found.value.map((strings) => strings.join(''))) : found;
    },
    async resolveCaa(name, signal) {
      const found = await ask<NodeCaaRecord>(name, (resolver, answer) => resolver.resolveCaa(name, answer), signal);
      return found.ok ? ok(found.value.map(readCaa)) : found;
    },
    async resolveAddresses(host, signal) {
      if (isIP(host) !== 0) return ok([host]);
      return resolvers.length > 0 ? askAddresses(host, signal) : askSystem(host, signal);
    },
  };
}

/** A configured name server may be given by name, which only the system can look up. `undefined` when it cannot. */
async function locate(resolvers: readonly string[]): Promise<readonly string[] | undefined> {
  try {
    return await Promise.all(resolvers.map(locateOne));
  } catch {
    return undefined;
  }
}

async function locateOne(resolver: string): Promise<string> {
  const colon = resolver.lastIndexOf(':');
  const host = resolver.slice(0, colon);
  if (host.startsWith('[') || isIP(host) !== 0) return resolver;
  const { address, family } = await system.lookup(host);
  return `${family === 6 ? `[${address}]` : address}:${resolver.slice(colon + 1)}`;
}

/**
 * Node gives the tag as the name of a member, beside two of its own. A record in which no tag is left, because it had the name of another member, is
 * taken for a critical one that nobody understands.
 */
function readCaa(record: NodeCaaRecord): CaaRecord {
  const members = Object.entries(record as unknown as Readonly<Record<string, unknown>>);
  const flags = members.find(([name]) => name === 'critical')?.[1];
  const [tag, value] = members.find(([name]) => name !== 'critical' && name !== 'type') ?? [];
  if (tag === undefined || typeof value !== 'string' || typeof flags !== 'number')
    return { critical: true, tag: 'unreadable', value: '' };
  return { critical: (flags & 0x80) !== 0, tag, value };
}

/** Codes that mean "there is no such record": an answer, not a failure. */
const noneCodes: readonly string[] = ['ENOTFOUND', 'ENODATA'];

const reasons: Readonly<Record<string, string>> = {
  ESERVFAIL: 'the name servers answered with a failure (SERVFAIL)',
  EREFUSED: 'the name servers refused to answer',
  ECONNREFUSED: 'no name server could be reached',
  ETIMEOUT: 'the name servers did not answer in time',
  ECANCELLED: 'the name servers did not answer in time',
  EAI_AGAIN: 'the name servers did not answer in time',
  EBADNAME: 'it is not a name that can be asked for',
};

function faultOf(error: NodeJS.ErrnoException, name: string): Result<never[], ProbeFault> {
  if (noneCodes.includes(error.code ?? '')) return ok([]);
  return fail(unanswered(name, reasons[error.code ?? ''] ?? 'the answer of the name servers could not be used'));
}

function unanswered(name: string, reason: string): ProbeFault {
  return { kind: 'dns', detail: `${name} could not be looked up: ${reason}.` };
}

function noAddress(host: string): Result<never, ProbeFault> {
  return fail({ kind: 'dns', detail: `${host} has no address (neither A nor AAAA records).` });
}
