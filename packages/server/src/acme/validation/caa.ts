/**
 * CAA: whether the owner of a domain lets this server issue for it, for this account and by this method.
 * @spec RFC 8659 §3
 * @spec RFC 8659 §4
 * @spec RFC 8657 §3
 * @spec RFC 8657 §4
 */
import { fail, ok, type Result } from '@tegata/core/result';
import type { CaaRecord, Probes } from '../../ports/probes.ts';
import type { ValidationFault } from '../challenges/challenge-type.ts';
import { unreached } from '../challenges/probe-fault.ts';
import { isLocalName } from '../identifiers/local-names.ts';
import { acmeProblem } from '../problems.ts';
import { parseCaaValue } from './caa-value.ts';

export interface CaaRequest {
  /** Canonical name without `*.`. */
  readonly name: string;
  readonly wildcard: boolean;
  /** Account URL, as `accounturi` has it. */
  readonly accountUrl: string;
  /** Challenge type by which control was proved. */
  readonly method: string;
}

export interface CaaPolicy {
  /** Issuer domain names that mean this server; lower case. */
  readonly identities: readonly string[];
}

/** Tags whose meaning is known; those beyond the first two do not restrict a TLS certificate. */
const knownTags: readonly string[] = [
  'issue',
  'issuewild',
  'iodef',
  'issuemail',
  'issuevmc',
  'contactemail',
  'contactphone',
];

/**
 * Climbs from the name towards the root and judges the first record set found. Names that exist on the local network only are
 * not asked about: nothing in the public DNS can speak for them, and on many networks the question would only time out.
 */
export async function checkCaa(
  request: CaaRequest,
  policy: CaaPolicy,
  probes: Probes,
  signal: AbortSignal,
): Promise<Result<void, ValidationFault>> {
  if (isLocalName(request.name)) return ok();
  const labels = request.name.split('.');
  for (let at = 0; at < labels.length; at++) {
    const name = labels.slice(at).join('.');
    const found = await probes.resolveCaa(name, signal);
    if (!found.ok) return unreached({ ...found.error, detail: `CAA of ${name}: ${found.error.detail}` });
    if (found.value.length > 0) return judge(found.value, name, request, policy);
  }
  return ok();
}

/** What one record set says. */
function judge(
  records: readonly CaaRecord[],
  place: string,
  request: CaaRequest,
  policy: CaaPolicy,
): Result<void, ValidationFault> {
  const unknown = records.find((record) => record.critical && !knownTags.includes(record.tag.toLowerCase()));
  if (unknown !== undefined) {
    return forbidden(`The CAA records at ${place} have a critical property that this server does not know.`);
  }
  const tagged = (tag: string) => records.filter((record) => record.tag.toLowerCase() === tag);
  const wild = request.wildcard ? tagged('issuewild') : [];
  const relevant = wild.length > 0 ? wild : tagged('issue');
  if (relevant.length === 0) return ok();
  if (relevant.some((record) => satisfies(record.value, request, policy))) return ok();
  const identities =
    policy.identities.length > 0 ? policy.identities.join(' or ') : 'no issuer name: none is configured';
  return forbidden(
    `The CAA records at ${place} do not authorise this server (${identities}) for this account and ${request.method}.`,
  );
}

function satisfies(value: string, request: CaaRequest, policy: CaaPolicy): boolean {
  const authorization = parseCaaValue(value);
  if (authorization === undefined || !policy.identities.includes(authorization.issuer)) return false;
  const valuesOf = (name: string) =>
    authorization.parameters.filter(([parameter]) => parameter === name).map(([, parameterValue]) => parameterValue);
  const accounts = valuesOf('accounturi');
  if (accounts.length > 1 || (accounts.length === 1 && accounts[0] !== request.accountUrl)) return false;
  const methods = valuesOf('validationmethods');
  if (methods.length > 1) return false;
  if (methods.length === 1 && !(methods[0] as string).split(',').includes(request.method)) return false;
  // Draft spellings must not be taken for the absence of a restriction.
  return valuesOf('account-uri').length === 0 && valuesOf('validation-methods').length === 0;
}

function forbidden(detail: string): Result<never, ValidationFault> {
  return fail({ problem: acmeProblem('caa', detail), transient: false });
}
