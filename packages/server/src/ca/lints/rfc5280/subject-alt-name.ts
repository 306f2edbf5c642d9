/**
 * The names are in subjectAltName, which is critical exactly when the subject is empty.
 * @spec RFC 5280 §4.2.1.6
 */
import { oid } from '@tegata/core/codec/oid';
import type { Lint } from '../lint.ts';

export const subjectAltName: Lint = {
  name: 'subject-alt-name',
  scope: 'leaf',
  check({ certificate, extensions, isCritical }) {
    if (extensions.subjectAltName === undefined) return 'subjectAltName is missing';
    const subjectIsEmpty = certificate.subject.length === 0;
    if (isCritical(oid.subjectAltName) === subjectIsEmpty) return undefined;
    return subjectIsEmpty
      ? 'subjectAltName is not critical although the subject is empty'
      : 'subjectAltName is critical although there is a subject';
  },
};
