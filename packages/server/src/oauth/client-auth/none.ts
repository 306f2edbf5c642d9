/**
 * Public clients: they name themselves and prove nothing.
 * @spec RFC 6749 §2.1
 * @spec RFC 7591 §2
 */
import { ok } from '@tegata/core/result';
import type { ClientAuthMethod } from './method.ts';

export const none: ClientAuthMethod = {
  method: 'none',
  spec: 'RFC 7591 §2',
  detect({ authorization, form }) {
    const clientId = form.get('client_id');
    const bare = authorization === undefined && !form.has('client_secret') && !form.has('client_assertion');
    return clientId !== undefined && bare ? ok({ clientId, credential: '' }) : undefined;
  },
  verify: () => ok(),
};
