/**
 * The serial number has room for 64 random bits.
 * @spec CABF-BR §7.1
 */
import type { Lint } from '../lint.ts';

export const serialEntropy: Lint = {
  name: 'serial-entropy',
  scope: 'every',
  check({ certificate }) {
    // One octet more than 64 bits need: the sign bit is not random.
    return certificate.serial.length >= 9
      ? undefined
      : `the serial number has only ${certificate.serial.length} octets`;
  },
};
