/** What can go wrong with the storage itself, each with what the operator can do about it. */

/**
 * `full`: no space left. `read-only`: nothing can be written. `corrupt`: the data is damaged or not ours.
 * `locked`: somebody else holds the store for too long. `incompatible`: its schema is not one this version can use.
 * `unavailable`: it cannot be reached, or has been closed.
 */
export type StoreErrorKind = 'full' | 'read-only' | 'corrupt' | 'locked' | 'incompatible' | 'unavailable';

export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly kind: StoreErrorKind;
  /** One sentence that says what to do. */
  readonly remedy: string;

  constructor(kind: StoreErrorKind, message: string, remedy: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.remedy = remedy;
  }
}
