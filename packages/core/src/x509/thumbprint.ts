/**
 * Digests by which certificates and keys are known.
 * @spec RFC 8705 §3.1
 * @spec RFC 7093 §2
 */
import { sha256 } from '../crypto.ts';
import { readKeyBits } from './public-key.ts';

/** SHA-256 of a certificate's DER: base64url of it is `x5t#S256`. */
export function certificateThumbprint(der: Uint8Array): Uint8Array {
  return sha256(der);
}

/**
 * Key identifier by method 1: the first 160 bits of the SHA-256 of subjectPublicKey.
 * @throws when `publicKeyInfo` is no SubjectPublicKeyInfo, which its reader would have refused
 */
export function keyIdentifier(publicKeyInfo: Uint8Array): Uint8Array {
  const keyBits = readKeyBits(publicKeyInfo);
  if (!keyBits.ok) throw new RangeError(`no SubjectPublicKeyInfo: ${keyBits.error.detail}`);
  return sha256(keyBits.value).subarray(0, 20);
}
