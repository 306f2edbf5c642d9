/**
 * All endpoints that a user's browser visits: the pages, and the two protocol endpoints that lead to them.
 * @spec RFC 8414 §2
 * @spec Initiating User Registration via OpenID Connect 1.0 §4
 */
import type { JsonObject } from '@tegata/core/codec/json';
import type { Endpoint } from '../../ports/endpoint.ts';
import { promptValues } from '../authorization/request.ts';
import { createAuthorizationEndpoint } from '../endpoints/authorization.ts';
import { createEndSessionEndpoint } from '../endpoints/end_session.ts';
import { createInteraction, type InteractionDeps } from './deps.ts';
import { createAccountEndpoint } from './endpoints/account.ts';
import { createAssetsEndpoint } from './endpoints/assets.ts';
import { createConsentEndpoint } from './endpoints/consent.ts';
import { createLoginEndpoint } from './endpoints/login.ts';
import { createLogoutEndpoint } from './endpoints/logout.ts';
import { createSetupEndpoint } from './endpoints/setup.ts';
import { languages } from './text/language.ts';

/** What the metadata documents say about these pages, besides the addresses of the endpoints. */
export const interactionMetadata: JsonObject = {
  prompt_values_supported: promptValues,
  ui_locales_supported: languages.map(({ code }) => code),
};

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
