/**
 * The certified key is the one that was asked for, octet by octet.
 * @spec RFC 5280 §4.1.2.7
 */
import { isSame } from '@tegata/core/x509/algorithm-identifier';
import type { Lint } from '../lint.ts';

export const publicKey: Lint = {
  name: 'public-key',
  scope: 'every',
  check({ certificate, publicKey: asked }) {
    return isSame(certificate.publicKeyInfo, asked.der) ? undefined : 'the key is not the one that was asked for';
  },
};
