/**
 * What a client authentication method is: how it shows in a request, and how it is verified.
 * @spec RFC 6749 §2.3
 */
import type { FormParameters } from '@tegata/core/http/forms';
import type { ParsedJwt } from '@tegata/core/jose/jwt';
import type { Result } from '@tegata/core/result';
import type { Instant } from '@tegata/core/time/clock';
import type { RemoteJwks } from '../../ports/remote-jwks.ts';
import type { ReplayStore } from '../../ports/stores/replay.ts';
import type { Client } from '../clients/client.ts';
import type { OAuthError } from '../errors.ts';

/** The parts of a request in which credentials may be. */
export interface ClientAuthInput {
  /** Value of the Authorization field. */
  readonly authorization: string | undefined;
  readonly form: FormParameters;
}

/** Credentials found in a request, not verified yet. */
export interface ClientAuthAttempt {
  /** Who the client says it is. */
  readonly clientId: string;
  /** Secret or assertion; empty for public clients. */
  readonly credential: string;
  /** The assertion, read once. */
  readonly assertion?: ParsedJwt;
}

export interface ClientAuthContext {
  readonly issuer: string;
  /** Full address of the token endpoint, for clients with the legacy audience. */
  readonly tokenEndpoint: string;
  readonly replay: ReplayStore;
  readonly remoteJwks: RemoteJwks;
  /** Tolerated difference of clocks, in milliseconds. */
  readonly clockSkew: number;
}

export interface ClientAuthMethod {
  /** The registered `token_endpoint_auth_method`. */
  readonly method: string;
  readonly spec: string;
  /** A pure look at the request: whether this method is tried there. */
  detect(input: ClientAuthInput): Result<ClientAuthAttempt, OAuthError> | undefined;
  /** Whether the attempt is one of `client`, which is registered for this method. */
  verify(
    attempt: ClientAuthAttempt,
    client: Client,
    context: ClientAuthContext,
    now: Instant,
  ): Result<void, OAuthError> | Promise<Result<void, OAuthError>>;
}
