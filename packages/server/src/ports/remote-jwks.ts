/** Key sets that clients publish, as client authentication sees them: fetched under tight bounds and remembered. */
import type { PublicKey } from '@tegata/core/jose/jwk';
import type { Result } from '@tegata/core/result';

export interface RemoteJwksFault {
  /** One sentence for the client's operator; names no internal detail. */
  readonly detail: string;
}

export interface RemoteJwks {
  /**
   * The keys at `uri`, from memory while they are fresh.
   * @param refresh ask again because a key was not found; ignored when they were fetched a moment ago
   */
  keys(uri: string, refresh: boolean): Promise<Result<readonly PublicKey[], RemoteJwksFault>>;
}
