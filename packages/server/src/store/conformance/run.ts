/** Runs every conformance suite of the store on one engine. */
import { acmeAccountsSuite } from './acme-accounts.ts';
import { certificatesSuite } from './certificates.ts';
import { jobsSuite } from './jobs.ts';
import { authorizationsSuite, ordersSuite } from './orders.ts';
import { consentsSuite, sessionsSuite, throttleSuite, usersSuite } from './people.ts';
import { purgeSuite } from './purge.ts';
import { auditSuite, clientsSuite, keysSuite } from './registrations.ts';
import { oneTimeSuite, replaySuite } from './single-use.ts';
import { type Nodes, type Open, runSuite, type Suite } from './suite.ts';
import { codesSuite, familiesSuite, refreshSuite } from './tokens.ts';

const suites: readonly Suite[] = [
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

/** To be called inside a `describe` of the engine's own. */
export function runConformance(open: Open<Nodes>): void {
  for (const suite of suites) runSuite(suite, open);
}
