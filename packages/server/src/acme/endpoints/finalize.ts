/**
 * Takes the certificate signing request of an order, has it issued, and waits a moment for the certificate.
 * @spec RFC 8555 §7.4
 */
import { decodeBase64url } from '@tegata/core/codec/base64url';
import { sha256 } from '@tegata/core/crypto';
import { timeOrderedId } from '@tegata/core/id';
import { ok, type Result } from '@tegata/core/result';
import type { Instant } from '@tegata/core/time/clock';
import { second } from '@tegata/core/time/duration';
import type { Endpoint } from '../../ports/endpoint.ts';
import type { NewJob } from '../../ports/stores/jobs.ts';
import type { AuthorizationRecord, OrderRecord } from '../../ports/stores/orders.ts';
import { issueJobPayload, jobLease } from '../jobs/payloads.ts';
import { readPayload } from '../jws/verify-request.ts';
import { type AcceptedRequest, checkCertificateRequest } from '../orders/finalize-order.ts';
import { type AcmeProblem, problem } from '../problems.ts';
import { acmePaths } from '../urls.ts';
import type { AcmeContext } from './context.ts';
import { orderAnswer, ownedBy } from './order.ts';
import { accountEndpoint } from './signed-endpoint.ts';

/** How long the answer waits for the certificate, which saves most clients a round of polling. */
const patience = 2 * second;

export function finalizeEndpoint(acme: AcmeContext): Endpoint {
  return accountEndpoint(acme, { name: 'finalize', path: acmePaths.finalize }, async (call) => {
    const { now, signal } = call.context;
    const { orders } = acme.store;
    const loaded = await orders.loadWithAuthorizations(call.request.params.order as string, now);
    const owned = ownedBy(call.signer.account.id, loaded?.order, 'order');
    if (!owned.ok) return owned;
    const order = owned.value;
    const ready = checkReady(order, loaded?.authorizations ?? []);
    if (!ready.ok) return ready;
    const csr = readRequest(call.payload);
    if (!csr.ok) return csr;
    const accepted = checkCertificateRequest(csr.value, order.identifiers, acme.identifiers);
    if (!accepted.ok) return accepted;
    const free = await checkKeyIsFree(accepted.value, acme);
    if (!free.ok) return free;
    const job = issueJob(order.id, now, acme);
    const begun = await orders.beginProcessing(order.id, csr.value, now, job);
    if (begun === 'begun') {
      const settled = acme.completions.wait(order.id, patience, signal);
      acme.startJob(job);
      await settled;
    }
    const current = await orders.load(order.id, now);
    if (current === undefined) throw new Error(`order ${order.id} has gone`);
    return begun === 'begun' ? ok(orderAnswer(current, acme)) : notReady(current);
  });
}

function checkReady(order: OrderRecord, authorizations: readonly AuthorizationRecord[]): Result<void, AcmeProblem> {
  if (order.status !== 'ready') return notReady(order);
  const open = authorizations.find((authorization) => authorization.status !== 'valid');
  if (open === undefined) return ok();
  return problem('orderNotReady', `The authorization for ${open.identifier.value} is ${open.status}.`);
}

function notReady(order: OrderRecord): Result<never, AcmeProblem> {
  return problem('orderNotReady', `The order is ${order.status}; only one that is ready can be finalized.`);
}

function readRequest(bytes: Uint8Array): Result<Uint8Array, AcmeProblem> {
  const payload = readPayload(bytes);
  if (!payload.ok) return payload;
  const { csr } = payload.value;
  if (typeof csr !== 'string') return problem('malformed', 'The payload has no "csr".');
  const der = decodeBase64url(csr);
  return der === undefined ? problem('badCSR', '"csr" must be the DER form in base64url without padding.') : ok(der);
}

/** A key has one role: it is nobody's account key, and it was not reported as compromised. */
async function checkKeyIsFree(request: AcceptedRequest, acme: AcmeContext): Promise<Result<void, AcmeProblem>> {
  const { acmeAccounts, certificates } = acme.store;
  if ((await acmeAccounts.findByThumbprint(request.thumbprint)) !== undefined) {
    return problem('badCSR', 'The key in the request is an account key; use another one for the certificate.');
  }
  if (await certificates.isBlockedKey(sha256(request.publicKeyInfo))) {
    return problem('badCSR', 'The key in the request was reported as compromised. Make a new one.');
  }
  return ok();
}

function issueJob(orderId: string, now: Instant, acme: AcmeContext): NewJob {
  return {
    id: timeOrderedId(now, acme.random),
    kind: 'issue',
    key: orderId,
    payload: issueJobPayload({ orderId }),
    notBefore: now,
    lease: jobLease(acme.node, now),
  };
}
