/**
 * A common name, the only thing a subject may hold, repeats one of the alternative names.
 * @spec CABF-BR §7.1.4.3
 */
import { oid } from '@tegata/core/codec/oid';
import type { Lint } from '../lint.ts';

export const commonName: Lint = {
  name: 'common-name',
  scope: 'leaf',
  check({ certificate, extensions: { subjectAltName = [] } }) {
    if (certificate.subject.length === 0) return undefined;
    const attributes = certificate.subject.flat();
    const [only] = attributes;
    if (attributes.length !== 1 || only?.type !== oid.commonName) return 'the subject holds more than a common name';
    if (only.value.length > 64) return 'the common name is longer than 64 characters';
    return subjectAltName.some((name) => name.type === 'dns' && name.value === only.value)
      ? undefined
      : 'the common name is not among the alternative names';
  },
};
