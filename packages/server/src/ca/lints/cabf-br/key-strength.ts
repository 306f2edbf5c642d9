/**
 * RSA keys have 2048 bits or more and whole octets; the other kinds are strong by their kind.
 * @spec CABF-BR §6.1.5
 */
import type { Lint } from '../lint.ts';

export const keyStrength: Lint = {
  name: 'key-strength',
  scope: 'every',
  check({ publicKey }) {
    if (publicKey.kind !== 'RSA') return undefined;
    return publicKey.bits >= 2048 && publicKey.bits % 8 === 0 ? undefined : `an RSA key of ${publicKey.bits} bits`;
  },
};
