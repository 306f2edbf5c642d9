/**
 * authorityInfoAccess names the issuer's certificate by plain HTTP.
 * @spec CABF-BR §7.1.2.7.7
 */
import type { Lint } from '../lint.ts';

export const issuerPointer: Lint = {
  name: 'issuer-pointer',
  scope: 'leaf',
  check({ extensions: { authorityInfoAccess: found }, intended }) {
    const wanted = intended.kind === 'leaf' && intended.profile.authorityInfoAccess;
    if (found === undefined) return wanted ? 'authorityInfoAccess is missing' : undefined;
    const urls = [...found.caIssuers, ...found.ocsp];
    return urls.length > 0 && urls.every((url) => url.startsWith('http://'))
      ? undefined
      : 'authorityInfoAccess does not name http addresses';
  },
};
