/** ACME requests as a client makes them, and as an attacker would. */
import { encodeBase64url } from '@tegata/core/codec/base64url';
import type { JsonObject, JsonValue } from '@tegata/core/codec/json';
import { encodeUtf8 } from '@tegata/core/codec/utf8';
import { exportPublicKeyInfo, type KeyObject } from '@tegata/core/crypto';
import { type PublicJwk, publicJwkFromKeyObject } from '@tegata/core/jose/jwk';
import { thumbprint } from '@tegata/core/jose/jwk-thumbprint';
import { createLocalSigner } from '@tegata/core/jose/local-signer';
import type { SignerAlgorithm } from '@tegata/core/jose/signer';
import { buildCertificateRequest, type CertificateRequestInput } from '@tegata/core/x509/certificate-request-builder';
import { commonName } from '@tegata/core/x509/name';
import { generateKeys } from './certificates.ts';

/** A key pair that signs requests. */
export interface AcmeKey {
  readonly algorithm: SignerAlgorithm;
  readonly jwk: PublicJwk;
  readonly thumbprint: string;
  readonly privateKey: KeyObject;
  readonly publicKeyInfo: Uint8Array;
  sign(data: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

export function createAcmeKey(algorithm: SignerAlgorithm = 'ES256'): AcmeKey {
  const { privateKey } = generateKeys(algorithm);
  const jwk = publicJwkFromKeyObject(privateKey);
  const signer = createLocalSigner('test', algorithm, privateKey);
  const publicKeyInfo = exportPublicKeyInfo(privateKey);
  return { algorithm, jwk, thumbprint: thumbprint(jwk), privateKey, publicKeyInfo, sign: (data) => signer.sign(data) };
}

export interface AcmeMessage {
  readonly key: AcmeKey;
  /** Members of the protected header besides `alg`; one that is `undefined` is left out. */
  readonly header: JsonObject;
  /** An object, or `''` for POST-as-GET. */
  readonly payload: JsonValue;
}

/** A flattened JWS as an object, so that a test can spoil it. */
export async function signMessage({ key, header, payload }: AcmeMessage): Promise<Record<string, JsonValue>> {
  const encodedHeader = encodeJson({ alg: key.algorithm, ...header });
  const encodedPayload = payload === '' ? '' : encodeJson(payload);
  const signature = await key.sign(encodeUtf8(`${encodedHeader}.${encodedPayload}`));
  return { protected: encodedHeader, payload: encodedPayload, signature: encodeBase64url(signature) };
}

/** Base64url of the JSON text. */
export function encodeJson(value: JsonValue): string {
  return encodeBase64url(encodeUtf8(JSON.stringify(value)));
}

/** Base64url DER of a certificate signing request for DNS names. */
export function createCsr(
  names: readonly string[],
  change: Partial<CertificateRequestInput> = {},
): { readonly csr: string; readonly der: Uint8Array } {
  const der = buildCertificateRequest({
    subject: names[0] === undefined ? [] : commonName(names[0]),
    names: names.map((value) => ({ type: 'dns', value })),
    privateKey: generateKeys('ES256').privateKey,
    ...change,
  });
  return { csr: encodeBase64url(der), der };
}
