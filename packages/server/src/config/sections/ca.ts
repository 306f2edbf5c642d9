/** Options of the certificate authority. */
import { option, section } from '../option.ts';
import { oneOf } from '../values.ts';

export const ca = section('The certificate authority, as it is created at the first start.', {
  algorithm: option(oneOf('ES256', 'ES384', 'RS256'), 'ES256', {
    doc: 'How a new root and its issuing CA sign. What exists already keeps its own algorithm.',
    type: '`ES256`, `ES384` or `RS256`',
  }),
});
