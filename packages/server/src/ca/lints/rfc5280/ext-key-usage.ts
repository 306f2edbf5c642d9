/**
 * extKeyUsage is what the profile says, and not critical.
 * @spec RFC 5280 §4.2.1.12
 */
import { oid } from '@tegata/core/codec/oid';
import type { Lint } from '../lint.ts';

export const extKeyUsage: Lint = {
  name: 'ext-key-usage',
  scope: 'leaf',
  check({ extensions: { extKeyUsage: found }, isCritical, intended }) {
    if (found === undefined) return 'extKeyUsage is missing';
    if (isCritical(oid.extKeyUsage)) return 'extKeyUsage is critical';
    const wanted = intended.kind === 'leaf' ? intended.profile.extKeyUsage : [];
    return found.length === wanted.length && wanted.every((purpose) => found.includes(purpose))
      ? undefined
      : `extKeyUsage is ${found.join(', ')} where the profile says ${wanted.join(', ')}`;
  },
};
