/**
 * How long tokens live; the configuration decides within these limits.
 * @spec RFC 6749 §10.5
 * @spec RFC 9700 §4.14.2
 */
import { day, hour, minute, second } from '@tegata/core/time/duration';

/** All in milliseconds. */
export interface OAuthLifetimes {
  readonly accessToken: number;
  readonly idToken: number;
  /** A refresh token that is not used for this long is dead. */
  readonly refreshIdle: number;
  /** Longest time that refreshing can prolong one authorization. */
  readonly refreshAbsolute: number;
  /** For this long after its use a refresh token answers with the same successor, so that a lost answer loses no session. */
  readonly refreshGrace: number;
  /** Difference between our clock and a client's that is tolerated in assertions. */
  readonly clockSkew: number;
}

/** What is used unless the configuration says otherwise. */
export const defaultLifetimes: OAuthLifetimes = {
  accessToken: 10 * minute,
  idToken: 10 * minute,
  refreshIdle: 30 * day,
  refreshAbsolute: 90 * day,
  refreshGrace: 10 * second,
  clockSkew: 30 * second,
};

/** No access token outlives this, whatever the configuration: revocations are remembered as long. */
export const longestAccessToken = 1 * hour;
