/**
 * The validity period of a certificate: what the profile gives, narrowed by what was asked for and by the issuer's own end.
 * @spec RFC 5280 §4.1.2.5
 * @spec RFC 8555 §7.4
 */
import { fail, ok, type Result } from '@tegata/core/result';
import type { Instant } from '@tegata/core/time/clock';
import { hour, second } from '@tegata/core/time/duration';
import type { CertificateProfile } from './profiles/profile.ts';

/** Both ends inclusive, in whole seconds. */
export interface Validity {
  readonly notBefore: Instant;
  readonly notAfter: Instant;
}

/** How far from the moment of issue a requested beginning may be: an order waits for its validation meanwhile. */
const furthestStart = 48 * hour;

/** Decides the period; fails with a sentence when the request cannot be honoured exactly. */
export function decideValidity(
  requested: { readonly notBefore?: Instant; readonly notAfter?: Instant },
  profile: Pick<CertificateProfile, 'validity' | 'backdate'>,
  issuer: Validity,
  now: Instant,
): Result<Validity, string> {
  const usual = Math.max(wholeSecond(now - profile.backdate), issuer.notBefore);
  const notBefore = wholeSecond(requested.notBefore ?? usual);
  if (requested.notBefore !== undefined) {
    const [earliest, last] = [
      Math.max(wholeSecond(now - furthestStart), issuer.notBefore),
      wholeSecond(now + furthestStart),
    ];
    if (notBefore < earliest) return fail(`notBefore may not be earlier than ${text(earliest)}.`);
    if (notBefore > last) return fail(`notBefore may not be later than ${text(last)}.`);
  }
  const latest = Math.min(notBefore + profile.validity - second, issuer.notAfter);
  const notAfter = wholeSecond(requested.notAfter ?? latest);
  if (notAfter > latest) return fail(`notAfter may not be later than ${text(latest)}.`);
  if (notAfter <= Math.max(notBefore, now)) return fail('notAfter lies in the past or is not later than notBefore.');
  return ok({ notBefore, notAfter });
}

function wholeSecond(instant: Instant): Instant {
  return Math.floor(instant / second) * second;
}

function text(instant: Instant): string {
  return new Date(instant).toISOString().replace('.000Z', 'Z');
}
