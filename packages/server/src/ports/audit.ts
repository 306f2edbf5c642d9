/** Security-relevant events, for the operator's eyes: who did what to what. Recording never fails a request. */
import type { Instant } from '@tegata/core/time/clock';

export interface AuditEvent {
  readonly at: Instant;
  /** Dotted, past tense: `login.succeeded`, `certificate.issued`. */
  readonly event: string;
  readonly requestId?: string;
  readonly client?: string;
  readonly subject?: string;
  readonly account?: string;
  readonly address?: string;
  /** Plain values only; never a secret, token or password. */
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
}

export interface AuditSink {
  /** Queues the event; returns at once and never throws. */
  record(event: AuditEvent): void;
}
