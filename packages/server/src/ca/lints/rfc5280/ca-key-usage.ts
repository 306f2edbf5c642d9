/**
 * The key of a CA signs certificates and CRLs, and nothing else.
 * @spec RFC 5280 §4.2.1.3
 */
import { oid } from '@tegata/core/codec/oid';
import type { Lint } from '../lint.ts';

export const caKeyUsage: Lint = {
  name: 'ca-key-usage',
  scope: 'ca',
  check({ extensions: { keyUsage: found }, isCritical }) {
    if (found === undefined) return 'keyUsage is missing';
    if (!isCritical(oid.keyUsage)) return 'keyUsage is not critical';
    return found.join() === 'keyCertSign,cRLSign' ? undefined : `keyUsage of a CA is ${found.join(', ')}`;
  },
};
