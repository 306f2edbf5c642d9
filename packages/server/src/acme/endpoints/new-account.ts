/**
 * Creates an account, or finds the one that has the key.
 * @spec RFC 8555 §7.3
 * @spec RFC 8555 §7.3.1
 */
import type { JsonObject } from '@tegata/core/codec/json';
import { timeOrderedId } from '@tegata/core/id';
import type { PublicKey } from '@tegata/core/jose/jwk';
import { ok, type Result } from '@tegata/core/result';
import type { Instant } from '@tegata/core/time/clock';
import type { Endpoint } from '../../ports/endpoint.ts';
import type { AcmeAccountRecord } from '../../ports/stores/acme-accounts.ts';
import { renderAccount } from '../accounts/account.ts';
import { parseContacts } from '../accounts/contacts.ts';
import { readPayload } from '../jws/verify-request.ts';
import { checkNotBlocked } from '../policy/blocked-keys.ts';
import { type AcmeProblem, problem } from '../problems.ts';
import { acmePaths } from '../urls.ts';
import type { AcmeContext } from './context.ts';
import { type Answer, jsonAnswer, linkTo } from './respond.ts';
import { keyEndpoint } from './signed-endpoint.ts';

export function newAccountEndpoint(acme: AcmeContext): Endpoint {
  return keyEndpoint(acme, { name: 'newAccount', path: acmePaths.newAccount }, async (call) => {
    const { key } = call.signer;
    const payload = readPayload(call.payload);
    if (!payload.ok) return payload;
    const wishes = readWishes(payload.value);
    if (!wishes.ok) return wishes;
    const existing = await acme.store.acmeAccounts.findByThumbprint(key.thumbprint);
    if (existing !== undefined) return answerExisting(existing, acme);
    if (wishes.value.onlyReturnExisting) return problem('accountDoesNotExist');
    const allowed = await checkNewAccount(wishes.value, key, acme);
    if (!allowed.ok) return allowed;
    const { outcome, account } = await acme.store.acmeAccounts.create(
      newRecord(wishes.value, key, call.context.now, acme),
    );
    if (outcome === 'exists') return answerExisting(account, acme);
    acme.accounts.put(account, key);
    acme.audit.record({
      at: call.context.now,
      event: 'acme_account.created',
      requestId: call.request.id,
      account: account.id,
      address: call.request.peer.address,
    });
    return ok(accountAnswer(201, account, acme));
  });
}

interface Wishes {
  readonly onlyReturnExisting: boolean;
  readonly termsOfServiceAgreed: boolean;
  readonly contact: readonly string[];
}

function readWishes(payload: JsonObject): Result<Wishes, AcmeProblem> {
  const { onlyReturnExisting = false, termsOfServiceAgreed = false } = payload;
  if (typeof onlyReturnExisting !== 'boolean' || typeof termsOfServiceAgreed !== 'boolean') {
    return problem('malformed', '"onlyReturnExisting" and "termsOfServiceAgreed" must be true or false.');
  }
  // A client that only looks for its account need not have contacts that we like.
  const contact = onlyReturnExisting ? ok([]) : parseContacts(payload.contact);
  return contact.ok ? ok({ onlyReturnExisting, termsOfServiceAgreed, contact: contact.value }) : contact;
}

async function checkNewAccount(wishes: Wishes, key: PublicKey, acme: AcmeContext): Promise<Result<void, AcmeProblem>> {
  const terms = acme.termsOfService;
  if (terms !== undefined && !wishes.termsOfServiceAgreed) {
    return problem('userActionRequired', `Agree to the terms of service at ${terms} ("termsOfServiceAgreed": true).`, {
      members: { instance: terms },
      headers: linkTo(terms, 'terms-of-service'),
    });
  }
  return checkNotBlocked(key, acme.store.certificates);
}

function newRecord(wishes: Wishes, key: PublicKey, now: Instant, acme: AcmeContext): AcmeAccountRecord {
  const record = {
    id: timeOrderedId(now, acme.random),
    status: 'valid' as const,
    publicJwk: key.jwk,
    thumbprint: key.thumbprint,
    contact: wishes.contact,
    createdAt: now,
    version: 1,
  };
  return wishes.termsOfServiceAgreed ? { ...record, termsAgreedAt: now } : record;
}

function answerExisting(account: AcmeAccountRecord, acme: AcmeContext): Result<Answer, AcmeProblem> {
  if (account.status === 'valid') return ok(accountAnswer(200, account, acme));
  return problem('unauthorized', `The account of this key is ${account.status}.`, { status: 401 });
}

function accountAnswer(status: number, account: AcmeAccountRecord, acme: AcmeContext): Answer {
  return jsonAnswer(status, renderAccount(account, acme.urls), ['Location', acme.urls.account(account.id)]);
}
