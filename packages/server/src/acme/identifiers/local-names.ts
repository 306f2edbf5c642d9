/**
 * Names that mean something on the local network only: the public DNS has nothing to say about them.
 * @spec RFC 6761 §6
 * @spec RFC 6762 §3
 * @spec RFC 8375 §4
 */

/**
 * Special-use names, the private-use top level domains that ICANN keeps free, and those that RFC 6762 appendix G
 * finds in use on private networks.
 */
const localSuffixes: readonly string[] = [
  'local',
  'localhost',
  'internal',
  'home.arpa',
  'test',
  'home',
  'lan',
  'corp',
  'intranet',
  'private',
];

/** Whether a canonical name without wildcard has a single label or ends in a suffix that is never delegated publicly. */
export function isLocalName(name: string): boolean {
  return !name.includes('.') || localSuffixes.some((suffix) => hasSuffix(name, suffix));
}

/** Whether `name` is `suffix` or below it, label by label. */
export function hasSuffix(name: string, suffix: string): boolean {
  return name === suffix || name.endsWith(`.${suffix}`);
}
