/**
 * Makes and changes client records: the one way in, for dynamic registration and the command line alike.
 * @spec RFC 7591 §3.2.1
 * @spec RFC 7592 §2.2
 * @spec RFC 9700 §4.15
 */
import type { JsonObject } from '@tegata/core/codec/json';
import { timeOrderedId } from '@tegata/core/id';
import type { Random } from '@tegata/core/random';
import { fail, ok, type Result } from '@tegata/core/result';
import type { Instant } from '@tegata/core/time/clock';
import type { ClientRecord } from '../../ports/stores/clients.ts';
import { type OAuthError, oauthError } from '../errors.ts';
import { checkMetadata } from './metadata.ts';
import { type MetadataPolicy, type MetadataSource, metadataRules } from './metadata-rules.ts';
import { createClientSecret } from './secret.ts';

export interface ClientRegistration {
  /** Members under their registered names. */
  readonly metadata: JsonObject;
  readonly source: MetadataSource;
  /** An id of the operator's choice; a generated one otherwise. */
  readonly clientId?: string;
  /** Whether the client may manage itself (RFC 7592). */
  readonly selfManaged?: boolean;
}

export interface RegisteredClient {
  readonly record: ClientRecord;
  /** To be shown once; only its digest is kept. Absent for methods without a secret. */
  readonly secret?: string;
  /** Likewise, for a client that manages itself. */
  readonly registrationToken?: string;
}

export interface RegistrationContext {
  readonly policy: MetadataPolicy;
  readonly random: Random;
  readonly now: Instant;
}

const chosenId = /^[A-Za-z0-9][A-Za-z0-9._~:/-]{0,99}$/;

/** Builds the record of a new client; the caller stores it. Errors: those of `checkMetadata`, and for an unusable id. */
export function registerClient(
  input: ClientRegistration,
  { policy, random, now }: RegistrationContext,
): Result<RegisteredClient, OAuthError> {
  const clientId = input.clientId ?? timeOrderedId(now, random);
  // Subjects of users start with usr_, and https:// is for clients that are described by the document at that address.
  if (!chosenId.test(clientId) || /^(?:usr_|https:\/\/)/i.test(clientId)) {
    return fail(
      oauthError(
        'invalid_client_metadata',
        'A client id has 1 to 100 letters, digits and . _ ~ : / -, and starts neither with usr_ nor with https://.',
      ),
    );
  }
  const metadata = checkMetadata(input.metadata, policy, input.source);
  if (!metadata.ok) return metadata;
  const secret = usesSecret(metadata.value) ? createClientSecret(random) : undefined;
  const token = input.selfManaged === true ? createClientSecret(random) : undefined;
  return ok({
    record: {
      clientId,
      metadata: metadata.value,
      createdAt: now,
      version: 1,
      ...(secret === undefined ? {} : { secretDigest: secret.digest }),
      ...(token === undefined ? {} : { registrationTokenDigest: token.digest }),
    },
    ...(secret === undefined ? {} : { secret: secret.secret }),
    ...(token === undefined ? {} : { registrationToken: token.secret }),
  });
}

/**
 * The record that replaces `current` after the client changed its own metadata: all of it, except what only the operator sets.
 * A secret is made when the new method needs one that is not there, and forgotten when it needs none.
 */
export function replaceMetadata(
  current: ClientRecord,
  input: JsonObject,
  { policy, random }: RegistrationContext,
): Result<RegisteredClient, OAuthError> {
  const checked = checkMetadata(input, policy, 'dynamic');
  if (!checked.ok) return checked;
  const metadata: JsonObject = { ...checked.value, ...operatorMembers(current.metadata) };
  const { secretDigest, ...kept } = current;
  const record: ClientRecord = { ...kept, metadata, version: current.version + 1 };
  if (!usesSecret(metadata)) return ok({ record });
  if (secretDigest !== undefined) return ok({ record: { ...record, secretDigest } });
  const made = createClientSecret(random);
  return ok({ record: { ...record, secretDigest: made.digest }, secret: made.secret });
}

function usesSecret(metadata: JsonObject): boolean {
  const method = metadata.token_endpoint_auth_method;
  return method === 'client_secret_basic' || method === 'client_secret_post';
}

function operatorMembers(metadata: JsonObject): JsonObject {
  const names = metadataRules.filter((rule) => rule.operatorOnly && metadata[rule.name] !== undefined);
  return Object.fromEntries(names.map((rule) => [rule.name, metadata[rule.name]]));
}
