/** Private keys under the key-encryption key: each box is bound to the key's id and purpose, so none can stand for another. */
import { open, seal } from '@tegata/core/codec/sealed';
import type { Random } from '@tegata/core/random';
import type { KeyPurpose } from '../ports/stores/keys.ts';

export interface KeyWrapping {
  wrap(keyId: string, purpose: KeyPurpose, plaintext: Uint8Array): Uint8Array;
  /** The plaintext; `undefined` when the box was made with another key, for another place, or is damaged. */
  unwrap(keyId: string, purpose: KeyPurpose, box: Uint8Array): Uint8Array | undefined;
}

/** Wraps with AES-256-GCM under `keyEncryptionKey` (32 bytes). */
export function createKeyWrapping(keyEncryptionKey: Uint8Array, random: Random): KeyWrapping {
  return {
    wrap: (keyId, purpose, plaintext) => seal(keyEncryptionKey, contextOf(keyId, purpose), plaintext, random),
    unwrap: (keyId, purpose, box) => open(keyEncryptionKey, contextOf(keyId, purpose), box),
  };
}

function contextOf(keyId: string, purpose: KeyPurpose): string {
  return `tegata/key/${purpose}/${keyId}`;
}
