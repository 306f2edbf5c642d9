/** The audit trail on disk. */
import type { AuditEvent } from '../audit.ts';
import type { Page, PageRequest } from './page.ts';

export interface AuditStore {
  /** Appends a batch in one unit. */
  append(events: readonly AuditEvent[]): Promise<void>;
  list(page: PageRequest): Promise<Page<AuditEvent>>;
}
