/**
 * Claims about a user, by the scopes that ask for them.
 * @spec OpenID Connect Core 1.0 §5.1
 * @spec OpenID Connect Core 1.0 §5.4
 */
import type { JsonObject, JsonValue } from '@tegata/core/codec/json';
import { toNumericDate } from '@tegata/core/time/clock';
import type { UserRecord } from '../../ports/stores/users.ts';

type ClaimReader = (user: UserRecord) => JsonValue | undefined;

/** Scope by scope, claim by claim. */
const claimsByScope: Readonly<Record<string, Readonly<Record<string, ClaimReader>>>> = {
  profile: {
    name: (user) => user.name,
    preferred_username: (user) => user.username,
    locale: (user) => user.locale,
    updated_at: (user) => toNumericDate(user.updatedAt),
  },
  email: {
    email: (user) => user.email,
    email_verified: (user) => (user.email === undefined ? undefined : user.emailVerified),
  },
};

/** Names of all claims that userinfo can answer, for the metadata. */
export const userClaimNames: readonly string[] = ['sub', ...Object.values(claimsByScope).flatMap(Object.keys)];

/** `sub` and what `scopes` open; claims without a value are left out. */
export function userClaims(user: UserRecord, scopes: readonly string[]): JsonObject {
  const claims: Record<string, JsonValue> = { sub: user.subject };
  for (const scope of scopes) {
    const readers = Object.hasOwn(claimsByScope, scope) ? claimsByScope[scope] : undefined;
    for (const [name, read] of Object.entries(readers ?? {})) {
      const value = read(user);
      if (value !== undefined) claims[name] = value;
    }
  }
  return claims;
}
