/**
 * keyUsage is critical, is what the profile says, and fits the kind of key.
 * @spec RFC 5280 §4.2.1.3
 * @spec RFC 8813 §3
 * @spec RFC 8410 §5
 */
import { oid } from '@tegata/core/codec/oid';
import type { Lint } from '../lint.ts';

export const keyUsage: Lint = {
  name: 'key-usage',
  scope: 'leaf',
  check({ extensions: { keyUsage: found }, isCritical, intended, publicKey }) {
    if (found === undefined) return 'keyUsage is missing';
    if (!isCritical(oid.keyUsage)) return 'keyUsage is not critical';
    if (publicKey.kind !== 'RSA' && found.some((usage) => encipherment.has(usage))) {
      return `an ${publicKey.kind} key cannot encipher`;
    }
    if (found.includes('keyCertSign') || found.includes('cRLSign')) return 'a leaf may not sign certificates or CRLs';
    const wanted = intended.kind === 'leaf' ? (intended.profile.keyUsage[publicKey.kind] ?? []) : [];
    return found.length === wanted.length && wanted.every((usage) => found.includes(usage))
      ? undefined
      : `keyUsage is ${found.join(', ')} where the profile says ${wanted.join(', ') || 'nothing'}`;
  },
};

const encipherment: ReadonlySet<string> = new Set(['keyEncipherment', 'dataEncipherment']);
