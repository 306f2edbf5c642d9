/** Options of the certificate authority. */
import { option, section } from '../option.ts';
import { duration, text } from '../values.ts';

export const ca = section('The certificate authority, as it is created at the first start.', {
  name: option(text, 'Tegata', {
    doc: 'Name of the CA in its own certificates, followed by `Root` or `Issuing CA`.',
    type: 'text',
  }),
  rootLifetime: option(duration('365d', '10950d'), '3650d', {
    doc: 'How long the root certificate is good.',
    type: 'time',
  }),
  issuingLifetime: option(duration('180d', '5475d'), '1825d', {
    doc: 'How long the certificate of the issuing CA is good.',
    type: 'time',
  }),
  crlLifetime: option(duration('1h', '30d'), '7d', {
    doc: 'How long a revocation list may be used; a new one is signed at every revocation and when half of this time has passed.',
    type: 'time',
  }),
});
