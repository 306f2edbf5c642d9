/** Signed-in browsers. */
import type { HandleDigest } from '@tegata/core/id';
import type { Instant } from '@tegata/core/time/clock';

export interface SessionRecord {
  /** Handle id; also the `sid` claim. */
  readonly id: string;
  readonly subject: string;
  readonly authTime: Instant;
  /** RFC 8176 values. */
  readonly amr: readonly string[];
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
}

export interface SessionStore {
  /** Stores the new session and ends `replaces` in the same unit (rotation at sign-in). */
  start(session: SessionRecord, digest: Uint8Array, replaces?: HandleDigest): Promise<void>;
  load(handle: HandleDigest, now: Instant): Promise<SessionRecord | undefined>;
  end(id: string): Promise<void>;
  endAll(subject: string): Promise<number>;
}
