/**
 * The job that turns a finalized order into a certificate, or says why there is none.
 * @spec RFC 8555 §7.4
 * @spec RFC 8659 §3
 */
import { unwrap } from '@tegata/core/result';
import type { Clock, Instant } from '@tegata/core/time/clock';
import { second } from '@tegata/core/time/duration';
import { parseCertificateRequest } from '@tegata/core/x509/certificate-request';
import type { AuditEvent, AuditSink } from '../../ports/audit.ts';
import type { CertificateAuthority, IssuanceFault, IssuanceRequest } from '../../ports/certificate-authority.ts';
import type { JobHandler, JobOutcome } from '../../ports/job-handler.ts';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { CertificateRecord } from '../../ports/stores/certificates.ts';
import type { Job } from '../../ports/stores/jobs.ts';
import type { AuthorizationRecord, OrderRecord, OrderStore } from '../../ports/stores/orders.ts';
import type { Completions } from '../orders/completions.ts';
import { type AcmeProblem, acmeProblem, problemDocument } from '../problems.ts';
import type { Validator } from '../validation/validate.ts';
import { readIssueJob } from './payloads.ts';

export interface IssueHandlerDeps {
  readonly orders: OrderStore;
  readonly ca: CertificateAuthority;
  readonly validator: Validator;
  readonly completions: Completions;
  readonly clock: Clock;
  readonly audit: AuditSink;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Tries after which an order fails instead of staying in processing: with growing pauses that is about twenty minutes. */
const maximumAttempts = 8;
const firstPause = 5 * second;

export function createIssueHandler(deps: IssueHandlerDeps): JobHandler {
  const { audit, ca, clock, completions, log, metrics, orders, validator } = deps;

  const failOrder = async (order: OrderRecord, job: Job, problem: AcmeProblem): Promise<JobOutcome> => {
    const failed = await orders.failProcessing(order.id, problemDocument(problem), job.id);
    metrics.count('acme_issuances', { outcome: problem.type });
    return { kind: failed === 'failed' ? 'concluded' : 'finished' };
  };

  const issue = async (order: OrderRecord, job: Job): Promise<JobOutcome> => {
    const csr = await orders.loadRequest(order.id);
    if (csr === undefined) throw new Error(`order ${order.id} is processing without a request`);
    const { publicKeyInfo } = unwrap(parseCertificateRequest(csr));
    const issued = await ca.issue(issuanceRequest(order, publicKeyInfo, job.id));
    if (issued.ok) {
      metrics.count('acme_issuances', { outcome: 'issued' });
      audit.record(issuedEvent(order, issued.value, clock.now()));
      return { kind: 'concluded' };
    }
    if (issued.error.kind === 'lint') {
      const { findings } = issued.error;
      log.error({ order: order.id, findings }, 'certificate not signed: the lints found faults in it');
      return failOrder(order, job, acmeProblem('serverInternal'));
    }
    return failOrder(order, job, problemOfFault(issued.error));
  };

  /** Checks CAA again where the answer is old, then issues. */
  const proceed = async (orderId: string, job: Job, signal: AbortSignal): Promise<JobOutcome> => {
    const loaded = await orders.loadWithAuthorizations(orderId, clock.now());
    if (loaded?.order.status !== 'processing') return { kind: 'finished' };
    const lost = loaded.authorizations.find((authorization) => authorization.status !== 'valid');
    if (lost !== undefined) return failOrder(loaded.order, job, problemOfAuthorization(lost));
    const allowed = await validator.recheckCaa(loaded.authorizations, clock.now(), signal);
    if (allowed.ok) return issue(loaded.order, job);
    // What failed because we are stopping says nothing about the domain.
    if (signal.aborted) return { kind: 'again', notBefore: clock.now() };
    return failOrder(loaded.order, job, allowed.error.problem);
  };

  return async (job, signal) => {
    const { orderId } = readIssueJob(job.payload);
    try {
      return await proceed(orderId, job, signal);
    } catch (error) {
      log.error({ order: orderId, attempts: job.attempts, err: error }, 'issuing a certificate failed');
      if (job.attempts < maximumAttempts) return { kind: 'again', notBefore: clock.now() + pauseAfter(job.attempts) };
      await orders.failProcessing(orderId, problemDocument(acmeProblem('serverInternal')), job.id);
      return { kind: 'finished' };
    } finally {
      completions.announce(orderId);
    }
  };
}

function issuedEvent(order: OrderRecord, certificate: CertificateRecord, at: Instant): AuditEvent {
  const { profile, serial, identifiers } = certificate;
  const names = identifiers.map(({ value }) => value).join(' ');
  return {
    at,
    event: 'certificate.issued',
    account: order.accountId,
    detail: { order: order.id, serial, profile, names },
  };
}

function pauseAfter(attempts: number): number {
  return firstPause * 2 ** attempts;
}

function issuanceRequest(order: OrderRecord, publicKeyInfo: Uint8Array, jobId: string): IssuanceRequest {
  const { identifiers, profile, accountId, notBefore, notAfter } = order;
  return {
    identifiers,
    publicKeyInfo,
    profile,
    accountId,
    order: { orderId: order.id, jobId },
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(notAfter === undefined ? {} : { notAfter }),
  };
}

function problemOfAuthorization({ identifier, status }: AuthorizationRecord): AcmeProblem {
  return acmeProblem('unauthorized', `The authorization for ${identifier.value} is ${status} by now.`);
}

function problemOfFault(fault: Exclude<IssuanceFault, { kind: 'lint' }>): AcmeProblem {
  if (fault.kind === 'refused') return acmeProblem('rejectedIdentifier', fault.detail);
  return acmeProblem('unauthorized', 'The order was ended while it was being processed.');
}
