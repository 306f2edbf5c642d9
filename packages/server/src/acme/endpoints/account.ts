/**
 * Reads, updates and deactivates an account.
 * @spec RFC 8555 §7.3.2
 * @spec RFC 8555 §7.3.6
 */
import { ok, type Result } from '@tegata/core/result';
import type { Endpoint } from '../../ports/endpoint.ts';
import type { AcmeAccountRecord } from '../../ports/stores/acme-accounts.ts';
import { renderAccount } from '../accounts/account.ts';
import { parseContacts } from '../accounts/contacts.ts';
import { readPayload } from '../jws/verify-request.ts';
import { type AcmeProblem, problem } from '../problems.ts';
import { acmePaths } from '../urls.ts';
import type { AcmeContext } from './context.ts';
import { jsonAnswer } from './respond.ts';
import { type AccountSigner, accountEndpoint, type Call } from './signed-endpoint.ts';

export function accountResourceEndpoint(acme: AcmeContext): Endpoint {
  return accountEndpoint(acme, { name: 'account', path: acmePaths.account }, async (call) => {
    const { account } = call.signer;
    if (call.request.params.account !== account.id) {
      return problem('unauthorized', 'This is not the account that signed the request.');
    }
    const current = call.payload.byteLength === 0 ? ok(account) : await update(call, acme);
    return current.ok ? ok(jsonAnswer(200, renderAccount(current.value, acme.urls))) : current;
  });
}

/** Members that clients cannot change, or that are not known, are ignored. */
async function update(call: Call<AccountSigner>, acme: AcmeContext): Promise<Result<AcmeAccountRecord, AcmeProblem>> {
  const payload = readPayload(call.payload);
  if (!payload.ok) return payload;
  const { status, contact } = payload.value;
  if (status !== undefined && status !== 'valid') {
    return status === 'deactivated'
      ? deactivate(call, acme)
      : problem('malformed', 'The only status that a client can set is "deactivated".');
  }
  if (contact === undefined) return ok(call.signer.account);
  const contacts = parseContacts(contact);
  if (!contacts.ok) return contacts;
  const changed = await acme.store.acmeAccounts.updateContact(call.signer.account.id, contacts.value);
  return settle(changed, acme);
}

async function deactivate(
  call: Call<AccountSigner>,
  acme: AcmeContext,
): Promise<Result<AcmeAccountRecord, AcmeProblem>> {
  const { id } = call.signer.account;
  const changed = await acme.store.acmeAccounts.deactivate(id, call.context.now);
  acme.audit.record({
    at: call.context.now,
    event: 'acme_account.deactivated',
    requestId: call.request.id,
    account: id,
    address: call.request.peer.address,
  });
  return settle(changed, acme);
}

/** What the store answers is what the next request is judged by. */
function settle(changed: AcmeAccountRecord | undefined, acme: AcmeContext): Result<AcmeAccountRecord, AcmeProblem> {
  if (changed === undefined) return problem('unauthorized', 'The account is not valid any more.', { status: 401 });
  acme.accounts.put(changed);
  return ok(changed);
}
