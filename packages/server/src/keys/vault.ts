/** The key vault over the key store: private keys leave it only as signers. */
import { exportPublicKeyInfo } from '@tegata/core/crypto';
import { createLocalSigner } from '@tegata/core/jose/local-signer';
import type { Clock } from '@tegata/core/time/clock';
import type { KeyVault, VaultKey } from '../ports/key-vault.ts';
import type { KeyRecord, KeyStore } from '../ports/stores/keys.ts';
import { generateKey, isSignerAlgorithm, openPrivateKey } from './private-key.ts';
import type { KeyWrapping } from './wrapping.ts';

export interface KeyVaultDeps {
  readonly store: Pick<KeyStore, 'add' | 'list' | 'update'>;
  readonly wrapping: KeyWrapping;
  readonly clock: Clock;
}

/** A vault for keys that are few and needed whole: those of the certificate authorities. */
export function createKeyVault({ store, wrapping, clock }: KeyVaultDeps): KeyVault {
  return {
    async generate(purpose, algorithm, activeFrom) {
      const key = await generateKey(purpose, algorithm, { createdAt: clock.now(), activeFrom }, wrapping);
      return {
        record: key.record,
        signer: createLocalSigner(key.record.keyId, algorithm, key.privateKey),
        publicKeyInfo: exportPublicKeyInfo(key.privateKey),
      };
    },
    add(key, { certificate, onlyIfNone }) {
      const { purpose, algorithm } = key.record;
      const record = certificate === undefined ? key.record : { ...key.record, certificate };
      return store.add(record, onlyIfNone ? { onlyIfNone: { purpose, algorithm } } : {});
    },
    async load(purpose) {
      const records = await store.list(purpose);
      return records.map((record) => openVaultKey(record, wrapping)).sort(byAge);
    },
    async setCertificate(keyId, certificate) {
      await store.update(keyId, { certificate });
    },
    async retire(keyId, at) {
      await store.update(keyId, { retiresAt: at });
    },
  };
}

function openVaultKey(record: KeyRecord, wrapping: KeyWrapping): VaultKey {
  const { keyId, algorithm } = record;
  const privateKey = openPrivateKey(record, wrapping);
  // The key-encryption key has been proven right before, so it is the row that is wrong.
  if (privateKey === undefined)
    throw new Error(`key ${keyId} in the store is damaged; restore the store from your backup`);
  if (!isSignerAlgorithm(algorithm)) throw new Error(`key ${keyId} in the store has an unknown algorithm ${algorithm}`);
  return {
    record,
    signer: createLocalSigner(keyId, algorithm, privateKey),
    publicKeyInfo: exportPublicKeyInfo(privateKey),
  };
}

function byAge(a: VaultKey, b: VaultKey): number {
  return a.record.createdAt - b.record.createdAt || (a.record.keyId < b.record.keyId ? -1 : 1);
}
