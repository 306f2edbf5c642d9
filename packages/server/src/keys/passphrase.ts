/**
 * From a passphrase to a key-encryption key.
 * @spec RFC 9106 §4
 */
import { argon2 } from 'node:crypto';

/** Argon2id with the memory and passes of RFC 9106's second recommendation: some 150 ms, once per start. */
const parameters = { parallelism: 4, memory: 65_536, passes: 3, tagLength: 32 } as const;

/** Length of the salt in bytes. */
export const saltLength = 16;

/** 32 bytes from `passphrase`, compared as Unicode text: composed and decomposed spellings are the same. */
export function deriveFromPassphrase(passphrase: string, salt: Uint8Array): Promise<Uint8Array> {
  const message = Buffer.from(passphrase.normalize('NFC'), 'utf8');
  return new Promise((resolve, reject) => {
    argon2('argon2id', { message, nonce: salt, ...parameters }, (error, derived) => {
      if (error === null) resolve(new Uint8Array(derived));
      else reject(error);
    });
  });
}
