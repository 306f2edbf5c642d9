/**
 * Hands a certificate and its chain to its owner.
 * @spec RFC 8555 §7.4.2
 * @spec RFC 8555 §9.1
 */
import { ok } from '@tegata/core/result';
import type { Endpoint } from '../../ports/endpoint.ts';
import { requireEmptyPayload } from '../jws/verify-request.ts';
import { acmePaths } from '../urls.ts';
import type { AcmeContext } from './context.ts';
import { ownedBy } from './order.ts';
import { accountEndpoint } from './signed-endpoint.ts';

export function certificateEndpoint(acme: AcmeContext): Endpoint {
  return accountEndpoint(acme, { name: 'certificate', path: acmePaths.certificate }, async (call) => {
    const empty = requireEmptyPayload(call.payload);
    if (!empty.ok) return empty;
    const loaded = await acme.store.certificates.load(call.request.params.certificate as string);
    const owned = ownedBy(call.signer.account.id, loaded, 'certificate');
    if (!owned.ok) return owned;
    return ok({ status: 200, body: acme.ca.chainPem(owned.value), mediaType: 'application/pem-certificate-chain' });
  });
}
