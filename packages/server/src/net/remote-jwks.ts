/**
 * Fetches the key sets that clients publish: https only, no redirects, addresses vetted, size and time bounded, answers remembered.
 * @spec RFC 7517 §5
 * @spec RFC 7591 §5
 * @spec RFC 8725 §3.10
 */
import { type LookupAddress, lookup } from 'node:dns';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { getCACertificates } from 'node:tls';
import { parseJsonObject } from '@tegata/core/codec/json';
import type { PublicKey } from '@tegata/core/jose/jwk';
import { parseJwks } from '@tegata/core/jose/jwks';
import { fail, ok, type Result } from '@tegata/core/result';
import type { Clock, Instant } from '@tegata/core/time/clock';
import { minute, second } from '@tegata/core/time/duration';
import type { RemoteJwks, RemoteJwksFault } from '../ports/remote-jwks.ts';

export interface RemoteJwksOptions {
  readonly clock: Clock;
  /** Whether this IP address may be contacted. */
  readonly vetAddress: (address: string) => boolean;
  /** Root of this installation in PEM: its clients' servers may have their certificates from here. Trusted besides the public ones. */
  readonly ownRoot: () => string;
  /** Milliseconds for the whole exchange. Default 5,000. */
  readonly longestWait?: number;
}

type Fetched = Result<readonly PublicKey[], RemoteJwksFault>;

interface Remembered {
  readonly outcome: Fetched;
  readonly fetchedAt: Instant;
}

const longestBody = 65_536;
const defaultLongestWait = 5 * second;
const freshFor = 10 * minute;
/** Neither a failure nor a missing key makes us ask again sooner than this. */
const quietFor = 20 * second;
const capacity = 1000;

/** Creates the fetcher. */
export function createRemoteJwks(options: RemoteJwksOptions): RemoteJwks {
  const remembered = new Map<string, Remembered>();
  const underWay = new Map<string, Promise<Fetched>>();

  const fetchOnce = (uri: string): Promise<Fetched> => {
    const running = underWay.get(uri);
    if (running !== undefined) return running;
    const started = fetchJwks(uri, options).then((outcome) => {
      underWay.delete(uri);
      remembered.delete(uri);
      if (remembered.size >= capacity) remembered.delete(remembered.keys().next().value as string);
      remembered.set(uri, { outcome, fetchedAt: options.clock.now() });
      return outcome;
    });
    underWay.set(uri, started);
    return started;
  };

  return {
    async keys(uri, refresh) {
      const known = remembered.get(uri);
      if (known === undefined) return fetchOnce(uri);
      const age = Math.abs(options.clock.now() - known.fetchedAt);
      const limit = refresh || !known.outcome.ok ? quietFor : freshFor;
      return age < limit ? known.outcome : fetchOnce(uri);
    },
  };
}

/** One fetch; never rejects. */
async function fetchJwks(uri: string, options: RemoteJwksOptions): Promise<Fetched> {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  if (url?.protocol !== 'https:') return refuse('The jwks_uri is not an https URI.');
  const literal = url.hostname.replace(/^\[(.*)\]$/, '$1');
  // A literal address is connected to without being looked up.
  if (isIP(literal) !== 0 && !options.vetAddress(literal)) return refuse(forbiddenAddress);
  let body: Result<Uint8Array, RemoteJwksFault>;
  try {
    body = await download(url, options);
  } catch (error) {
    return refuse(
      error instanceof ForbiddenAddress
        ? forbiddenAddress
        : 'The jwks_uri did not answer in time, or not over valid TLS.',
    );
  }
  if (!body.ok) return body;
  const document = parseJsonObject(body.value);
  if (!document.ok) return refuse(`The jwks_uri does not hold a JWK Set: ${document.error.detail}`);
  const keys = parseJwks(document.value);
  return keys.ok ? keys : refuse(`The jwks_uri holds an unusable JWK Set: ${keys.error.detail}`);
}

const forbiddenAddress = 'The jwks_uri leads to an address that this server does not contact.';

class ForbiddenAddress extends Error {}

function refuse(detail: string): Result<never, RemoteJwksFault> {
  return fail({ detail });
}

/** Rejects when there is no answer, or when the name leads to an address that is not allowed. */
function download(url: URL, options: RemoteJwksOptions): Promise<Result<Uint8Array, RemoteJwksFault>> {
  const { vetAddress, ownRoot, longestWait = defaultLongestWait } = options;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method: 'GET',
      agent: false,
      headers: { Accept: 'application/jwk-set+json, application/json' },
      lookup: vettedLookup(vetAddress),
      signal: AbortSignal.timeout(longestWait),
      ca: [...getCACertificates('default'), ownRoot()],
    });
    outgoing.on('error', reject);
    outgoing.once('response', (response) => {
      receive(response).then(
        (result) => {
          outgoing.destroy();
          resolve(result);
        },
        (error: unknown) => {
          outgoing.destroy();
          reject(error);
        },
      );
    });
    outgoing.end();
  });
}

async function receive(response: IncomingMessage): Promise<Result<Uint8Array, RemoteJwksFault>> {
  // Redirects are not followed: they could lead anywhere, and RFC 7517 asks for none.
  if (response.statusCode !== 200) return refuse(`The jwks_uri answers with status ${response.statusCode}.`);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > longestBody) return refuse(`The JWK Set at jwks_uri is longer than ${longestBody} bytes.`);
    chunks.push(chunk);
  }
  return ok(Buffer.concat(chunks));
}

/** Resolves a name, and gives the connection only addresses that are allowed: what was vetted is what is connected to. */
function vettedLookup(vetAddress: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      const addresses = found as LookupAddress[];
      if (error !== null) callback(error, '', 0);
      else if (addresses.length === 0 || !addresses.every(({ address }) => vetAddress(address))) {
        callback(new ForbiddenAddress('address not allowed'), '', 0);
      } else if (options.all === true) callback(null, addresses);
      else callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
    });
  };
}
