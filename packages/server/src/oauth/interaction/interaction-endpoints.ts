/** All endpoints that a user's browser visits: the pages, and the two protocol endpoints that lead to them. */
import type { Endpoint } from '../../ports/endpoint.ts';
import { createAuthorizationEndpoint } from '../endpoints/authorization.ts';
import { createEndSessionEndpoint } from '../endpoints/end_session.ts';
import { createInteraction, type InteractionDeps } from './deps.ts';
import { createAccountEndpoint } from './endpoints/account.ts';
import { createAssetsEndpoint } from './endpoints/assets.ts';
import { createConsentEndpoint } from './endpoints/consent.ts';
import { createLoginEndpoint } from './endpoints/login.ts';
import { createLogoutEndpoint } from './endpoints/logout.ts';
import { createSetupEndpoint } from './endpoints/setup.ts';

/** Creates them all over one set of dependencies. */
export function createInteractionEndpoints(deps: InteractionDeps): readonly Endpoint[] {
  const interaction = createInteraction(deps);
  return [
    createAuthorizationEndpoint,
    createEndSessionEndpoint,
    createLoginEndpoint,
    createConsentEndpoint,
    createSetupEndpoint,
    createLogoutEndpoint,
    createAccountEndpoint,
    createAssetsEndpoint,
  ].map((create) => create(interaction));
}
