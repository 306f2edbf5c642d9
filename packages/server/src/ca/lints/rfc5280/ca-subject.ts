/**
 * A CA has a subject: what it issues names it.
 * @spec RFC 5280 §4.1.2.6
 */
import type { Lint } from '../lint.ts';

export const caSubject: Lint = {
  name: 'ca-subject',
  scope: 'ca',
  check({ certificate }) {
    return certificate.subject.length > 0 ? undefined : 'the subject of a CA is empty';
  },
};
