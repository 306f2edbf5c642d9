/**
 * Challenge `dns-01`: a TXT record with the digest of the key authorization.
 * @spec RFC 8555 §8.4
 */
import { ok } from '@tegata/core/result';
import { keyAuthorizationDigest } from '../jws/key-authorization.ts';
import type { ChallengeType } from './challenge-type.ts';
import { incorrect, unreached } from './probe-fault.ts';

export const dns01: ChallengeType = {
  type: 'dns-01',
  identifiers: ['dns'],
  wildcard: true,
  async validate(task, probes, signal) {
    const name = `_acme-challenge.${task.identifier}`;
    const found = await probes.resolveTxt(name, signal);
    if (!found.ok) return unreached(found.error);
    const expected = keyAuthorizationDigest(task.keyAuthorization);
    if (found.value.includes(expected)) return ok();
    if (found.value.length === 0) return incorrect(`There is no TXT record at ${name}.`);
    return incorrect(
      `None of the ${found.value.length} TXT record(s) at ${name} is the digest of the key authorization, ${expected}.`,
    );
  },
};
