/** The outside world as ACME validation sees it: every contact bounded, vetted by address, and abortable. */
import type { Result } from '@tegata/core/result';

/** `kind` maps one to one to an ACME error type (RFC 8555 section 6.7): dns, connection, tls, or a refused address. */
export interface ProbeFault {
  readonly kind: 'dns' | 'connection' | 'tls' | 'address_refused';
  /** One sentence for the account holder; names no internal detail. */
  readonly detail: string;
}

export interface HttpProbeResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** At most the asked number of bytes; `truncated` says that there was more. */
  readonly body: Uint8Array;
  readonly truncated: boolean;
}

export interface CaaRecord {
  readonly critical: boolean;
  readonly tag: string;
  readonly value: string;
}

export interface Probes {
  /** TXT records at `name`, each with its character-strings joined; an empty list when there are none. */
  resolveTxt(name: string, signal: AbortSignal): Promise<Result<readonly string[], ProbeFault>>;
  /** CAA records at exactly `name` (the resolver follows aliases); an empty list when there are none. */
  resolveCaa(name: string, signal: AbortSignal): Promise<Result<readonly CaaRecord[], ProbeFault>>;
  /** One GET without following redirects: resolves, vets every address, connects to a vetted one, reads at most `limit` bytes. */
  fetchHttp(url: URL, limit: number, signal: AbortSignal): Promise<Result<HttpProbeResponse, ProbeFault>>;
}
