/**
 * basicConstraints is critical, and says CA for a CA alone; an issuing CA may not make others.
 * @spec RFC 5280 §4.2.1.9
 */
import { oid } from '@tegata/core/codec/oid';
import type { Lint } from '../lint.ts';

export const basicConstraints: Lint = {
  name: 'basic-constraints',
  scope: 'every',
  check({ extensions: { basicConstraints: found }, isCritical, intended }) {
    if (found === undefined) return 'basicConstraints is missing';
    if (!isCritical(oid.basicConstraints)) return 'basicConstraints is not critical';
    if (found.ca !== (intended.kind !== 'leaf')) return `basicConstraints says cA ${found.ca}`;
    if (intended.kind === 'issuing' && found.pathLength !== 0) return 'an issuing CA has no path length of 0';
    return undefined;
  },
};
