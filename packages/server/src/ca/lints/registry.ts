/**
 * Every lint, and the one function that asks them all.
 * @spec CABF-BR §4.3.1.2
 */

import { commonName } from './cabf-br/common-name.ts';
import { dnsNameSyntax } from './cabf-br/dns-name-syntax.ts';
import { issuerPointer } from './cabf-br/issuer-pointer.ts';
import { keyStrength } from './cabf-br/key-strength.ts';
import { knownExtensions } from './cabf-br/known-extensions.ts';
import { nameTypes } from './cabf-br/name-types.ts';
import { notBeforeNearNow } from './cabf-br/not-before-near-now.ts';
import { revocationPointer } from './cabf-br/revocation-pointer.ts';
import { serialEntropy } from './cabf-br/serial-entropy.ts';
import type { Lint } from './lint.ts';
import { type LintContext, type LintSubject, readLintSubject } from './lint-subject.ts';
import { requestedNames } from './local/requested-names.ts';
import { validityWithinProfile } from './local/validity-within-profile.ts';
import { authorityKeyIdentifier } from './rfc5280/authority-key-identifier.ts';
import { basicConstraints } from './rfc5280/basic-constraints.ts';
import { caKeyUsage } from './rfc5280/ca-key-usage.ts';
import { caSubject } from './rfc5280/ca-subject.ts';
import { extKeyUsage } from './rfc5280/ext-key-usage.ts';
import { issuerName } from './rfc5280/issuer-name.ts';
import { keyUsage } from './rfc5280/key-usage.ts';
import { publicKey } from './rfc5280/public-key.ts';
import { serialNumber } from './rfc5280/serial-number.ts';
import { signatureAlgorithm } from './rfc5280/signature-algorithm.ts';
import { subjectAltName } from './rfc5280/subject-alt-name.ts';
import { subjectKeyIdentifier } from './rfc5280/subject-key-identifier.ts';
import { validityOrder } from './rfc5280/validity-order.ts';
import { validityWithinIssuer } from './rfc5280/validity-within-issuer.ts';
import { version } from './rfc5280/version.ts';

/** In the order in which findings are listed. */
export const lints: readonly Lint[] = [
  commonName,
  dnsNameSyntax,
  issuerPointer,
  keyStrength,
  knownExtensions,
  nameTypes,
  notBeforeNearNow,
  revocationPointer,
  serialEntropy,
  requestedNames,
  validityWithinProfile,
  authorityKeyIdentifier,
  basicConstraints,
  caKeyUsage,
  caSubject,
  extKeyUsage,
  issuerName,
  keyUsage,
  publicKey,
  serialNumber,
  signatureAlgorithm,
  subjectAltName,
  subjectKeyIdentifier,
  validityOrder,
  validityWithinIssuer,
  version,
];

const byScope = {
  leaf: lints.filter((lint) => lint.scope !== 'ca'),
  ca: lints.filter((lint) => lint.scope !== 'leaf'),
};

/** What is wrong with the bytes that are about to be signed, as `<lint>: <finding>`; empty when they may be. */
export function lintCertificate(tbs: Uint8Array, context: LintContext): readonly string[] {
  const subject = readLintSubject(tbs, context);
  return subject.ok ? findings(subject.value) : [`encoding: ${subject.error}`];
}

function findings(subject: LintSubject): readonly string[] {
  return byScope[subject.intended.kind === 'leaf' ? 'leaf' : 'ca'].flatMap((lint) => {
    const finding = lint.check(subject);
    return finding === undefined ? [] : [`${lint.name}: ${finding}`];
  });
}
