/** What the jobs of ACME carry, and how long a node holds one before others may take it over. */
import type { JsonObject } from '@tegata/core/codec/json';
import type { Instant } from '@tegata/core/time/clock';
import { minute } from '@tegata/core/time/duration';
import type { Lease } from '../../ports/stores/jobs.ts';

export interface ValidateJob {
  readonly authorizationId: string;
  readonly challengeId: string;
  /** Of the key that the account had when it responded. */
  readonly thumbprint: string;
}

export interface IssueJob {
  readonly orderId: string;
}

/** Longer than any validation or issuance takes. */
const leaseDuration = 2 * minute;

export function jobLease(node: string, now: Instant): Lease {
  return { owner: node, until: now + leaseDuration };
}

export function validateJobPayload(job: ValidateJob): JsonObject {
  return { ...job };
}

export function issueJobPayload(job: IssueJob): JsonObject {
  return { ...job };
}

/** Throws (a defect) for a payload that was not made here. */
export function readValidateJob(payload: JsonObject): ValidateJob {
  return {
    authorizationId: readText(payload, 'authorizationId'),
    challengeId: readText(payload, 'challengeId'),
    thumbprint: readText(payload, 'thumbprint'),
  };
}

/** Throws (a defect) for a payload that was not made here. */
export function readIssueJob(payload: JsonObject): IssueJob {
  return { orderId: readText(payload, 'orderId') };
}

function readText(payload: JsonObject, name: string): string {
  const value = payload[name];
  if (typeof value !== 'string') throw new Error(`job payload without ${name}`);
  return value;
}
