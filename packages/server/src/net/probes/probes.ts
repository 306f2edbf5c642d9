/** The probes that ACME validation is given: the real network, in the bounds that configuration sets. */
import type { Probes } from '../../ports/probes.ts';
import { createDns } from './dns.ts';
import { createFetchHttp, type HttpProbeOptions } from './http.ts';

export interface ProbeOptions extends Omit<HttpProbeOptions, 'dns'> {
  /** Name servers as `host:port`; empty for those of the system. */
  readonly resolvers: readonly string[];
}

export function createProbes({ resolvers, ...options }: ProbeOptions): Probes {
  const dns = createDns(resolvers);
  return {
    resolveTxt: dns.resolveTxt,
    resolveCaa: dns.resolveCaa,
    fetchHttp: createFetchHttp({ ...options, dns }),
  };
}
