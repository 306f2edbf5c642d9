/**
 * Judges a certificate signing request against its order: a pure function, so that every rule can be tried alone.
 * @spec RFC 8555 §7.4
 * @spec RFC 8555 §11.1
 */
import { oid } from '@tegata/core/codec/oid';
import { ok, type Result } from '@tegata/core/result';
import {
  type CertificateRequest,
  parseCertificateRequest,
  verifyCertificateRequest,
} from '@tegata/core/x509/certificate-request';
import type { Extension } from '@tegata/core/x509/extension';
import { parseBasicConstraints } from '@tegata/core/x509/extensions/basic-constraints';
import { parseExtKeyUsage } from '@tegata/core/x509/extensions/ext-key-usage';
import { parseKeyUsage } from '@tegata/core/x509/extensions/key-usage';
import type { AcmeIdentifier } from '../../ports/stores/orders.ts';
import type { IdentifierRegistry } from '../identifiers/registry.ts';
import { checkCertificateKey } from '../policy/key-policy.ts';
import { type AcmeProblem, problem } from '../problems.ts';

/** A request that may be certified for its order. */
export interface AcceptedRequest {
  readonly publicKeyInfo: Uint8Array;
  /** RFC 7638 thumbprint of the key, to compare with account keys. */
  readonly thumbprint: string;
}

/** Every check of a request that needs nothing but the order. Extensions may be asked for; the profile decides what is in. */
export function checkCertificateRequest(
  der: Uint8Array,
  wanted: readonly AcmeIdentifier[],
  registry: IdentifierRegistry,
): Result<AcceptedRequest, AcmeProblem> {
  const parsed = parseCertificateRequest(der);
  if (!parsed.ok) return problem('badCSR', `The certificate signing request cannot be read: ${parsed.error.detail}.`);
  const request = parsed.value;
  const extensions = checkExtensions(request.extensions);
  if (!extensions.ok) return extensions;
  const names = checkNames(request, wanted, registry);
  if (!names.ok) return names;
  const key = checkCertificateKey(request.publicKey);
  if (!key.ok) return key;
  if (!verifyCertificateRequest(request)) {
    return problem('badCSR', 'The signature of the certificate signing request does not verify with the key in it.');
  }
  return ok({ publicKeyInfo: request.publicKeyInfo, thumbprint: key.value });
}

/** The names in subjectAltName and in common names must be those of the order, no more and no fewer. */
function checkNames(
  request: CertificateRequest,
  wanted: readonly AcmeIdentifier[],
  registry: IdentifierRegistry,
): Result<void, AcmeProblem> {
  const asked = new Set<string>();
  for (const name of request.names) {
    const key = firstOf(registry, (type) => type.fromGeneralName(name));
    if (key === undefined) {
      return problem('badCSR', `The request asks for a name of type "${name.type}" that is not one of the order.`);
    }
    asked.add(key);
  }
  for (const text of commonNames(request)) {
    const key = firstOf(registry, (type) => type.fromCommonName(text));
    // A common name that is just a text goes nowhere: the profile decides about the subject.
    if (key !== undefined) asked.add(key);
  }
  const expected = new Set(wanted.map(({ type, value }) => `${type}:${value}`));
  const extra = asked.difference(expected);
  const missing = expected.difference(asked);
  if (extra.size > 0) return problem('badCSR', `The request asks for names that the order has not: ${list(extra)}.`);
  if (missing.size > 0) return problem('badCSR', `The request lacks names of the order: ${list(missing)}.`);
  return ok();
}

function firstOf(
  registry: IdentifierRegistry,
  read: (type: IdentifierRegistry['types'][number]) => string | undefined,
): string | undefined {
  for (const type of registry.types) {
    const value = read(type);
    if (value !== undefined) return `${type.type}:${value}`;
  }
  return undefined;
}

function commonNames(request: CertificateRequest): readonly string[] {
  return request.subject.flatMap((relative) =>
    relative.filter((attribute) => attribute.type === oid.commonName).map((attribute) => attribute.value),
  );
}

function list(keys: ReadonlySet<string>): string {
  const values = [...keys].map((key) => key.slice(key.indexOf(':') + 1));
  return values.length > 5 ? `${values.slice(0, 5).join(', ')} and ${values.length - 5} more` : values.join(', ');
}

const harmlessExtensions: readonly string[] = [oid.subjectAltName, oid.subjectKeyIdentifier];
const serverPurposes: readonly string[] = [oid.serverAuth, oid.clientAuth];
const caUsages: readonly string[] = ['keyCertSign', 'cRLSign'];

/** Asking for what no profile here gives is refused rather than ignored: the client would find out too late. */
function checkExtensions(extensions: readonly Extension[]): Result<void, AcmeProblem> {
  for (const extension of extensions) {
    const fault = faultOf(extension);
    if (fault !== undefined) return problem('badCSR', fault);
  }
  return ok();
}

function faultOf({ oid: type, value }: Extension): string | undefined {
  switch (type) {
    case oid.basicConstraints: {
      const constraints = parseBasicConstraints(value);
      return constraints.ok && !constraints.value.ca ? undefined : 'Certificates for CAs are not issued over ACME.';
    }
    case oid.keyUsage: {
      const usages = parseKeyUsage(value);
      const harmless = usages.ok && !usages.value.some((usage) => caUsages.includes(usage));
      return harmless
        ? undefined
        : 'The request asks for key usages that are not given (keyCertSign, cRLSign or unknown ones).';
    }
    case oid.extKeyUsage: {
      const purposes = parseExtKeyUsage(value);
      const harmless = purposes.ok && purposes.value.every((purpose) => serverPurposes.includes(purpose));
      return harmless ? undefined : 'The request asks for extended key usages other than serverAuth and clientAuth.';
    }
    default:
      return harmlessExtensions.includes(type)
        ? undefined
        : `The request asks for extension ${type}, which is not given.`;
  }
}
