/**
 * `dns` identifiers in a certificate: a dNSName, wildcards included.
 * @spec RFC 5280 §4.2.1.6
 * @spec RFC 8555 §9.7.7
 */
import type { CertifiableIdentifier } from './certifiable-identifier.ts';

export const dns: CertifiableIdentifier = {
  type: 'dns',
  // Syntax is the lints' business; what no IA5String can hold is no DNS name at all.
  toGeneralName: (value) => (/^[\x21-\x7e]+$/.test(value) ? { type: 'dns', value } : undefined),
};
