/** What this process calls itself in leases of jobs. */
import { hostname } from 'node:os';
import type { Instant } from '@tegata/core/time/clock';
import { minute } from '@tegata/core/time/duration';
import type { Config } from '../config/config.ts';
import type { Lease } from '../ports/stores/jobs.ts';

/** One data folder has one process, so the name survives restarts and is never shared. */
export function nodeName(config: Pick<Config, 'data'>): string {
  return `${hostname()}:${config.data}`;
}

/** Lease of a job that this process begins at once. */
export function leaseOf(config: Pick<Config, 'data'>, now: Instant): Lease {
  return { owner: nodeName(config), until: now + minute };
}
