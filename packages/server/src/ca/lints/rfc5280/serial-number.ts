/**
 * The serial number is positive and at most 20 octets long.
 * @spec RFC 5280 §4.1.2.2
 */
import type { Lint } from '../lint.ts';

export const serialNumber: Lint = {
  name: 'serial-number',
  scope: 'every',
  check({ certificate }) {
    // The reader refuses negative and longer ones; zero is a number it accepts.
    return certificate.serial.some((octet) => octet !== 0) ? undefined : 'the serial number is zero';
  },
};
