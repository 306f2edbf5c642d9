/**
 * Which names this server issues for: everything but what cannot belong to anybody, narrowed by the operator's lists.
 * @spec RFC 8555 §7.4
 */
import { dnsIdentifier } from '../identifiers/dns.ts';
import { hasSuffix } from '../identifiers/local-names.ts';
import type { IdentifierCheck } from '../identifiers/registry.ts';

export interface IdentifierPolicy {
  /** When not empty, only these names and names below them. Lower-case, without dots at the ends. */
  readonly allowedSuffixes: readonly string[];
  /** Never these names or names below them; wins over `allowedSuffixes`. */
  readonly deniedSuffixes: readonly string[];
}

/** Reverse lookup zones, names that are not DNS at all: nobody can prove control of them here. */
const unprovableSuffixes: readonly string[] = ['in-addr.arpa', 'ip6.arpa', 'onion', 'alt', 'invalid'];

/** The policy as a function of one canonical identifier. */
export function createIdentifierCheck(policy: IdentifierPolicy): IdentifierCheck {
  return (identifier) => {
    if (identifier.type !== dnsIdentifier.type) return undefined;
    const { value: name } = dnsIdentifier.authorizationFor(identifier.value);
    const within = (suffixes: readonly string[]) => suffixes.find((suffix) => hasSuffix(name, suffix));
    const unprovable = within(unprovableSuffixes);
    if (unprovable !== undefined) return `Nobody can prove control of names under "${unprovable}" here.`;
    const denied = within(policy.deniedSuffixes);
    if (denied !== undefined) return `The policy of this server forbids names under "${denied}".`;
    if (policy.allowedSuffixes.length > 0 && within(policy.allowedSuffixes) === undefined) {
      return `The policy of this server allows names under ${policy.allowedSuffixes.join(', ')} only.`;
    }
    return undefined;
  };
}
