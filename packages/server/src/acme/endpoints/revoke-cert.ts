/**
 * Revokes a certificate for whoever may: the account that has it, an account that controls all its names, or its own key.
 * @spec RFC 8555 §7.6
 * @spec RFC 5280 §5.3.1
 */
import { decodeBase64url } from '@tegata/core/codec/base64url';
import { encodeHex } from '@tegata/core/codec/hex';
import type { JsonValue } from '@tegata/core/codec/json';
import { constantTimeEqual } from '@tegata/core/crypto';
import { ok, type Result } from '@tegata/core/result';
import type { Instant } from '@tegata/core/time/clock';
import { parseCertificate } from '@tegata/core/x509/certificate';
import type { Endpoint } from '../../ports/endpoint.ts';
import type { CertificateRecord, RevocationReason } from '../../ports/stores/certificates.ts';
import { chooseReusable } from '../authorizations/reuse.ts';
import { type RequestSigner, readPayload } from '../jws/verify-request.ts';
import { keyDigest } from '../policy/blocked-keys.ts';
import { type AcmeProblem, problem } from '../problems.ts';
import { acmePaths } from '../urls.ts';
import type { AcmeContext } from './context.ts';
import { anySignerEndpoint } from './signed-endpoint.ts';

/** Those that say something about an end-entity certificate; not hold, removal, or what concerns CAs and attributes. */
const allowedReasons: readonly number[] = [0, 1, 3, 4, 5, 9] satisfies readonly RevocationReason[];

export function revokeCertEndpoint(acme: AcmeContext): Endpoint {
  return anySignerEndpoint(acme, { name: 'revokeCert', path: acmePaths.revokeCert }, async (call) => {
    const { now } = call.context;
    const payload = readPayload(call.payload);
    if (!payload.ok) return payload;
    const found = await findCertificate(payload.value.certificate, acme);
    if (!found.ok) return found;
    const certificate = found.value;
    const entitled = await checkEntitled(call.signer, certificate, now, acme);
    if (!entitled.ok) return entitled;
    const reason = readReason(payload.value.reason);
    if (!reason.ok) return reason;
    if (certificate.revokedAt !== undefined) return problem('alreadyRevoked');
    const revoked = await acme.ca.revoke(certificate.serial, reason.value);
    if (!revoked.ok) return revoked.error === 'already-revoked' ? problem('alreadyRevoked') : unknownCertificate();
    acme.audit.record({
      at: now,
      event: 'acme_certificate.revocation_requested',
      requestId: call.request.id,
      address: call.request.peer.address,
      ...(call.signer.kind === 'account' ? { account: call.signer.account.id } : {}),
      detail: { serial: certificate.serial, reason: reason.value, signedBy: call.signer.kind },
    });
    return ok({ status: 200 });
  });
}

async function findCertificate(
  value: JsonValue | undefined,
  acme: AcmeContext,
): Promise<Result<CertificateRecord, AcmeProblem>> {
  if (typeof value !== 'string') return problem('malformed', 'The payload has no "certificate".');
  const der = decodeBase64url(value);
  if (der === undefined)
    return problem('malformed', '"certificate" must be the DER form in base64url without padding.');
  const parsed = parseCertificate(der);
  if (!parsed.ok) return problem('malformed', `The certificate cannot be read: ${parsed.error.detail}.`);
  const record = await acme.store.certificates.findBySerial(encodeHex(parsed.value.serial));
  return record !== undefined && constantTimeEqual(record.der, der) ? ok(record) : unknownCertificate();
}

function unknownCertificate(): Result<never, AcmeProblem> {
  return problem('malformed', 'This server did not issue the certificate.', { status: 404 });
}

async function checkEntitled(
  signer: RequestSigner,
  certificate: CertificateRecord,
  now: Instant,
  acme: AcmeContext,
): Promise<Result<void, AcmeProblem>> {
  if (signer.kind === 'key') {
    if (constantTimeEqual(keyDigest(signer.key), certificate.keyDigest)) return ok();
    return problem('unauthorized', 'The key that signed the request is not the one in the certificate.');
  }
  if (certificate.accountId === signer.account.id) return ok();
  if (await controlsAllNames(signer.account.id, certificate, now, acme)) return ok();
  return problem('unauthorized', 'The account neither has the certificate nor controls all names in it.');
}

async function controlsAllNames(
  accountId: string,
  certificate: CertificateRecord,
  now: Instant,
  acme: AcmeContext,
): Promise<boolean> {
  const needed = certificate.identifiers.map((identifier) => ({
    type: identifier.type,
    ...acme.identifiers.typeOf(identifier).authorizationFor(identifier.value),
  }));
  const held = await acme.store.orders.findValidAuthorizations(accountId, needed, now);
  return needed.every((need) => chooseReusable(need, held) !== undefined);
}

/** An absent reason is `unspecified`, which the CRL leaves out. */
function readReason(value: JsonValue | undefined): Result<RevocationReason, AcmeProblem> {
  if (value === undefined) return ok(0);
  if (!Number.isInteger(value)) return problem('malformed', '"reason" must be an integer.');
  if (!allowedReasons.includes(value as number)) {
    return problem('badRevocationReason', `Allowed reasons are ${allowedReasons.join(', ')}.`);
  }
  return ok(value as RevocationReason);
}
