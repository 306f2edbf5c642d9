/** Runs every conformance suite on one engine. */
import { acmeAccountsSuite } from './acme-accounts.ts';
import { certificatesSuite } from './certificates.ts';
import { jobsSuite } from './jobs.ts';
import { authorizationsSuite, ordersSuite } from './orders.ts';
import { consentsSuite, sessionsSuite, throttleSuite, usersSuite } from './people.ts';
import { purgeSuite } from './purge.ts';
import { auditSuite, clientsSuite, keysSuite } from './registrations.ts';
import { oneTimeSuite, replaySuite } from './single-use.ts';
import type { Subject } from './subject.ts';
import { codesSuite, familiesSuite, refreshSuite } from './tokens.ts';

/** To be called inside a `describe` of the engine's own. */
export function runConformance(subject: Subject): void {
  const suites = [
    codesSuite,
    refreshSuite,
    familiesSuite,
    oneTimeSuite,
    replaySuite,
    usersSuite,
    throttleSuite,
    sessionsSuite,
    consentsSuite,
    clientsSuite,
    keysSuite,
    auditSuite,
    acmeAccountsSuite,
    authorizationsSuite,
    ordersSuite,
    certificatesSuite,
    jobsSuite,
    purgeSuite,
  ];
  for (const suite of suites) suite(subject);
}
