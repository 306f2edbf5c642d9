/**
 * What ACME can answer instead of what was asked: one row per problem type, and the value that carries one occurrence.
 * @spec RFC 8555 §6.7
 * @spec RFC 8555 §6.7.1
 * @spec RFC 9457 §3
 */
import type { JsonObject, JsonValue } from '@tegata/core/codec/json';
import { type Failure, fail } from '@tegata/core/result';
import type { AcmeIdentifier, StoredProblem } from '../ports/stores/orders.ts';

/** Each type with the status it has unless an occurrence says otherwise, and what is said when there is nothing more to say. */
export const problemTypes = {
  accountDoesNotExist: { status: 400, text: 'There is no account with this key.' },
  alreadyRevoked: { status: 400, text: 'The certificate has been revoked already.' },
  badCSR: { status: 400, text: 'The certificate signing request cannot be used.' },
  badNonce: { status: 400, text: 'The nonce is not usable; sign the request again with the one in this answer.' },
  badPublicKey: { status: 400, text: 'The public key is not of a kind or strength that is accepted here.' },
  badRevocationReason: { status: 400, text: 'The revocation reason is not allowed.' },
  badSignatureAlgorithm: { status: 400, text: 'The signature algorithm is not accepted here.' },
  caa: { status: 403, text: 'CAA records forbid this server to issue for the name.' },
  compound: { status: 400, text: 'Several things are wrong; see "subproblems".' },
  connection: { status: 400, text: 'The host to be validated could not be reached.' },
  dns: { status: 400, text: 'The name could not be looked up.' },
  incorrectResponse: { status: 403, text: 'The answer to the challenge is not the expected one.' },
  invalidContact: { status: 400, text: 'A contact address is not valid.' },
  invalidProfile: { status: 400, text: 'The certificate profile is not offered.' },
  malformed: { status: 400, text: 'The request is malformed.' },
  orderNotReady: { status: 403, text: 'The order is not ready to be finalized.' },
  rejectedIdentifier: { status: 400, text: 'This server does not issue for the identifier.' },
  serverInternal: { status: 500, text: 'Something went wrong here. It has been logged.' },
  tls: { status: 400, text: 'The host to be validated could not be reached by TLS.' },
  unauthorized: { status: 403, text: 'The account is not allowed to do this.' },
  unsupportedContact: { status: 400, text: 'A contact address has a scheme that is not supported.' },
  unsupportedIdentifier: { status: 400, text: 'Identifiers of this type are not supported.' },
  userActionRequired: { status: 403, text: 'A person has to do something first; visit the address in "instance".' },
} as const satisfies Record<string, { readonly status: number; readonly text: string }>;

export type ProblemType = keyof typeof problemTypes;

const prefix = 'urn:ietf:params:acme:error:';

/** One occurrence of a problem: what the client is told. */
export interface AcmeProblem {
  readonly type: ProblemType;
  readonly detail: string;
  readonly status: number;
  /** Each about one identifier; they have no subproblems themselves. */
  readonly subproblems: readonly AcmeSubproblem[];
  /** Further members, such as `algorithms` and `instance`. */
  readonly members: JsonObject;
  /** Header names and values in turn that the answer needs, such as `Location`. */
  readonly headers: readonly string[];
}

export interface AcmeSubproblem {
  readonly type: ProblemType;
  readonly detail: string;
  readonly identifier: AcmeIdentifier;
}

/** What an occurrence may say beyond its type and sentence. */
export type ProblemExtras = Partial<Pick<AcmeProblem, 'status' | 'subproblems' | 'members' | 'headers'>>;

/** A problem of this type; without a `detail` it says what the table says. */
export function acmeProblem(type: ProblemType, detail?: string, extras: ProblemExtras = {}): AcmeProblem {
  const row = problemTypes[type];
  return {
    type,
    detail: detail ?? row.text,
    status: extras.status ?? row.status,
    subproblems: extras.subproblems ?? [],
    members: extras.members ?? {},
    headers: extras.headers ?? [],
  };
}

/** The failed Result that carries such a problem. */
export function problem(type: ProblemType, detail?: string, extras?: ProblemExtras): Failure<AcmeProblem> {
  return fail(acmeProblem(type, detail, extras));
}

/**
 * Several faults, each of one identifier, as one problem. One fault keeps its type; several of one type too.
 * @param faults at least one
 */
export function problemOfIdentifiers(faults: readonly AcmeSubproblem[]): AcmeProblem {
  const first = faults[0] as AcmeSubproblem;
  const same = faults.every((fault) => fault.type === first.type);
  const detail =
    faults.length === 1 ? first.detail : `The ${faults.length} identifiers in "subproblems" cannot be used.`;
  return acmeProblem(same ? first.type : 'compound', detail, { subproblems: faults });
}

/** The problem document, without the request's own circumstances: as sent, and as stored with an order or challenge. */
export function problemDocument(value: AcmeProblem): StoredProblem {
  const document: Record<string, JsonValue> = {
    type: prefix + value.type,
    detail: value.detail,
    status: value.status,
  };
  for (const [name, member] of Object.entries(value.members)) {
    if (member !== undefined) document[name] = member;
  }
  if (value.subproblems.length > 0) {
    document.subproblems = value.subproblems.map(({ type, detail, identifier }) => ({
      type: prefix + type,
      detail,
      identifier: { type: identifier.type, value: identifier.value },
    }));
  }
  return document;
}
