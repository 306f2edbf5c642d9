/**
 * The alternative names are those of the order: none missing, none added, none twice.
 * @spec RFC 8555 §7.4
 */
import { encodeHex } from '@tegata/core/codec/hex';
import type { GeneralName } from '@tegata/core/x509/general-name';
import type { Lint } from '../lint.ts';

export const requestedNames: Lint = {
  name: 'requested-names',
  scope: 'leaf',
  check({ extensions: { subjectAltName = [] }, intended }) {
    const wanted = new Set(intended.kind === 'leaf' ? intended.names.map(keyOf) : []);
    const found = new Set(subjectAltName.map(keyOf));
    if (found.size !== subjectAltName.length) return 'a name appears twice';
    return wanted.size === found.size && [...wanted].every((name) => found.has(name))
      ? undefined
      : `the names are ${[...found].join(', ')} where ${[...wanted].join(', ')} were ordered`;
  },
};

function keyOf(name: GeneralName): string {
  return `${name.type}:${name.value instanceof Uint8Array ? encodeHex(name.value) : String(name.value)}`;
}
