/**
 * Gives an account a new key.
 * @spec RFC 8555 §7.3.5
 */
import type { PublicKey } from '@tegata/core/jose/jwk';
import { ok, type Result } from '@tegata/core/result';
import type { Endpoint } from '../../ports/endpoint.ts';
import { renderAccount } from '../accounts/account.ts';
import { verifyKeyChange } from '../accounts/key-change.ts';
import { checkNotBlocked } from '../policy/blocked-keys.ts';
import { type AcmeProblem, problem } from '../problems.ts';
import { acmePaths } from '../urls.ts';
import type { AcmeContext } from './context.ts';
import { type Answer, jsonAnswer } from './respond.ts';
import { type AccountSigner, accountEndpoint, type Call } from './signed-endpoint.ts';

export function keyChangeEndpoint(acme: AcmeContext): Endpoint {
  return accountEndpoint(acme, { name: 'keyChange', path: acmePaths.keyChange }, async (call) => {
    const { account } = call.signer;
    const accountUrl = acme.urls.account(account.id);
    const key = verifyKeyChange(call.payload, { url: call.url, accountUrl, currentThumbprint: account.thumbprint });
    if (!key.ok) return key;
    if (key.value.thumbprint === account.thumbprint) {
      return conflict('The new key is the one that the account has already.', accountUrl);
    }
    const allowed = await checkNotBlocked(key.value, acme.store.certificates);
    return allowed.ok ? replaceKey(call, key.value, acme) : allowed;
  });
}

async function replaceKey(
  call: Call<AccountSigner>,
  key: PublicKey,
  acme: AcmeContext,
): Promise<Result<Answer, AcmeProblem>> {
  const { id, thumbprint } = call.signer.account;
  const { acmeAccounts } = acme.store;
  const replaced = await acmeAccounts.replaceKey(id, thumbprint, { publicJwk: key.jwk, thumbprint: key.thumbprint });
  if (replaced.outcome === 'in-use') {
    return conflict('The new key belongs to another account.', acme.urls.account(replaced.account));
  }
  const current = await acmeAccounts.load(id);
  if (current === undefined) throw new Error(`account ${id} has gone`);
  acme.accounts.put(current);
  if (replaced.outcome === 'conflict') {
    return problem('unauthorized', 'The account has another key by now, or is not valid any more.', { status: 401 });
  }
  acme.audit.record({
    at: call.context.now,
    event: 'acme_account.key_changed',
    requestId: call.request.id,
    account: id,
    address: call.request.peer.address,
  });
  return ok(jsonAnswer(200, renderAccount(current, acme.urls), ['Location', acme.urls.account(id)]));
}

function conflict(detail: string, accountUrl: string): Result<never, AcmeProblem> {
  return problem('malformed', detail, { status: 409, headers: ['Location', accountUrl] });
}
