/**
 * The grants of this server, found by their `grant_type`.
 * @spec RFC 6749 §4.5
 */
import { authorizationCode } from './authorization_code.ts';
import { clientCredentials } from './client_credentials.ts';
import type { Grant } from './grant.ts';
import { refreshToken } from './refresh_token.ts';

export interface GrantRegistry {
  /** In the order of registration. */
  readonly grantTypes: readonly string[];
  find(grantType: string): Grant | undefined;
}

/** What every installation has. */
export const builtinGrants: readonly Grant[] = [authorizationCode, refreshToken, clientCredentials];

/** @throws when two grants have one `grant_type`: a mistake in composition */
export function createGrantRegistry(grants: readonly Grant[]): GrantRegistry {
  const byType = new Map<string, Grant>();
  for (const grant of grants) {
    if (byType.has(grant.grantType)) throw new Error(`two grants are called ${grant.grantType}`);
    byType.set(grant.grantType, grant);
  }
  return { grantTypes: [...byType.keys()], find: (grantType) => byType.get(grantType) };
}
