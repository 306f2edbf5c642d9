/**
 * The account object as clients see it.
 * @spec RFC 8555 §7.1.2
 */
import type { JsonObject } from '@tegata/core/codec/json';
import type { AcmeAccountRecord } from '../../ports/stores/acme-accounts.ts';
import type { AcmeUrls } from '../urls.ts';

export function renderAccount(account: AcmeAccountRecord, urls: AcmeUrls): JsonObject {
  return {
    status: account.status,
    contact: account.contact,
    termsOfServiceAgreed: account.termsAgreedAt === undefined ? undefined : true,
    orders: urls.orders(account.id),
  };
}
