/**
 * Alternative names are of the types that the profile certifies.
 * @spec CABF-BR §7.1.2.7.12
 */
import type { Lint } from '../lint.ts';

export const nameTypes: Lint = {
  name: 'name-types',
  scope: 'leaf',
  check({ extensions: { subjectAltName = [] }, intended }) {
    const allowed = intended.kind === 'leaf' ? intended.profile.identifierTypes : [];
    const bad = subjectAltName.find((name) => !allowed.includes(name.type));
    return bad === undefined ? undefined : `a name of type ${bad.type}, which the profile does not certify`;
  },
};
