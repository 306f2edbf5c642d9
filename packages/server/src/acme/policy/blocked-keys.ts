/**
 * Keys that were reported as compromised, and keys that already have another role.
 * @spec RFC 8555 §7.6
 * @spec RFC 8555 §11.1
 */
import { exportPublicKeyInfo, sha256 } from '@tegata/core/crypto';
import type { PublicKey } from '@tegata/core/jose/jwk';
import { ok, type Result } from '@tegata/core/result';
import type { CertificateStore } from '../../ports/stores/certificates.ts';
import { type AcmeProblem, problem } from '../problems.ts';

/** What a key is blocked by: SHA-256 of its SubjectPublicKeyInfo. */
export function keyDigest(key: PublicKey): Uint8Array {
  return sha256(exportPublicKeyInfo(key.keyObject));
}

/** Whether the key may still be used for an account. */
export async function checkNotBlocked(
  key: PublicKey,
  certificates: Pick<CertificateStore, 'isBlockedKey'>,
): Promise<Result<void, AcmeProblem>> {
  if (!(await certificates.isBlockedKey(keyDigest(key)))) return ok();
  return problem('badPublicKey', 'This key was reported as compromised. Make a new one.');
}
