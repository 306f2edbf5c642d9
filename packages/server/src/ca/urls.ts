/** Addresses that certificates carry: plain HTTP, because checking a certificate must not need another one. */

export interface CaUrls {
  /** Where the newest CRL of the issuer with this key is. */
  crl(keyId: string): string;
  /** Where the certificate of the issuer with this key is, in DER. */
  certificate(keyId: string): string;
}

/** @param base `http://host[:port][/path]` of the plain-HTTP listener, without a slash at its end */
export function createCaUrls(base: string): CaUrls {
  return {
    crl: (keyId) => `${base}/crl/${keyId}.crl`,
    certificate: (keyId) => `${base}/ca/${keyId}.crt`,
  };
}
