/**
 * DNS names are lower-case host names in ASCII; a wildcard is the whole first label.
 * @spec RFC 5280 §4.2.1.6
 * @spec RFC 1123 §2.1
 * @spec CABF-BR §7.1.2.7.12
 */
import type { Lint } from '../lint.ts';

export const dnsNameSyntax: Lint = {
  name: 'dns-name-syntax',
  scope: 'leaf',
  check({ extensions: { subjectAltName = [] } }) {
    const bad = subjectAltName.find((name) => name.type === 'dns' && !isHostName(name.value));
    return bad === undefined ? undefined : `${String(bad.value)} is not a host name`;
  },
};

function isHostName(name: string): boolean {
  const labels = name.split('.');
  // A wildcard needs two labels below it: one alone would cover a whole top-level domain.
  if (labels[0] === '*') labels.shift();
  const wildcard = name.startsWith('*.');
  const last = labels.at(-1) ?? '';
  return (
    name.length <= 253 &&
    labels.length >= (wildcard ? 2 : 1) &&
    labels.every((label) => label.length <= 63 && /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(label)) &&
    // A last label of digits would make it an IPv4 address.
    !/^[0-9]+$/.test(last)
  );
}
