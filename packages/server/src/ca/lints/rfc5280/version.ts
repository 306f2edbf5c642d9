/**
 * The version is 3, as extensions need it.
 * @spec RFC 5280 §4.1.2.1
 */
import type { Lint } from '../lint.ts';

export const version: Lint = {
  name: 'version',
  scope: 'every',
  check({ certificate }) {
    return certificate.version === 3 ? undefined : `version ${certificate.version}`;
  },
};
