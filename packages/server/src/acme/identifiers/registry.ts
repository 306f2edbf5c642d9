/**
 * Turns the identifiers of a request into canonical ones, by the types that are mounted.
 * @spec RFC 8555 §7.4
 * @spec RFC 8555 §9.7.7
 */
import type { JsonValue } from '@tegata/core/codec/json';
import { isJsonObject } from '@tegata/core/codec/json';
import { fail, ok, type Result } from '@tegata/core/result';
import type { AcmeIdentifier } from '../../ports/stores/orders.ts';
import { type AcmeProblem, type AcmeSubproblem, acmeProblem, problemOfIdentifiers } from '../problems.ts';
import type { IdentifierType } from './identifier-type.ts';

export interface IdentifierRegistry {
  readonly types: readonly IdentifierType[];
  /** The type of an identifier that was accepted; throws (a defect) when it is not mounted. */
  typeOf(identifier: AcmeIdentifier): IdentifierType;
  /** The `identifiers` member of newOrder: canonical, without repetitions. All faults are told at once. */
  parseAll(value: JsonValue | undefined): Result<readonly AcmeIdentifier[], AcmeProblem>;
}

/** Whether policy lets the server issue for an identifier; otherwise the sentence that says why not. */
export type IdentifierCheck = (identifier: AcmeIdentifier) => string | undefined;

const maximumIdentifiers = 100;

export function createIdentifierRegistry(types: readonly IdentifierType[], check: IdentifierCheck): IdentifierRegistry {
  const byType = new Map(types.map((type) => [type.type, type]));
  if (byType.size !== types.length) throw new Error('two identifier types have one name');

  const parseOne = (sent: { type: string; value: string }): Result<AcmeIdentifier, AcmeSubproblem> => {
    const type = byType.get(sent.type);
    if (type === undefined) {
      const detail = `Identifiers of type ${JSON.stringify(sent.type.slice(0, 40))} are not supported; known: ${[...byType.keys()].join(', ')}.`;
      return fail({ type: 'unsupportedIdentifier', detail, identifier: sent });
    }
    const parsed = type.parse(sent.value);
    if (!parsed.ok) return fail({ ...parsed.error, identifier: sent });
    const identifier = { type: sent.type, value: parsed.value };
    const refusal = check(identifier);
    return refusal === undefined ? ok(identifier) : fail({ type: 'rejectedIdentifier', detail: refusal, identifier });
  };

  return {
    types,
    typeOf(identifier) {
      const type = byType.get(identifier.type);
      if (type === undefined) throw new Error(`identifier type ${identifier.type} is not mounted`);
      return type;
    },
    parseAll(value) {
      const sent = readIdentifiers(value);
      if (!sent.ok) return sent;
      const accepted = new Map<string, AcmeIdentifier>();
      const faults: AcmeSubproblem[] = [];
      for (const one of sent.value) {
        const parsed = parseOne(one);
        if (parsed.ok) accepted.set(`${parsed.value.type}:${parsed.value.value}`, parsed.value);
        else faults.push(parsed.error);
      }
      return faults.length > 0 ? fail(problemOfIdentifiers(faults)) : ok([...accepted.values()]);
    },
  };
}

function readIdentifiers(value: JsonValue | undefined): Result<{ type: string; value: string }[], AcmeProblem> {
  if (!Array.isArray(value) || value.length === 0) {
    return fail(acmeProblem('malformed', '"identifiers" must be an array with at least one identifier.'));
  }
  if (value.length > maximumIdentifiers) {
    return fail(acmeProblem('malformed', `An order can have at most ${maximumIdentifiers} identifiers.`));
  }
  const read: { type: string; value: string }[] = [];
  for (const one of value as readonly JsonValue[]) {
    if (!isJsonObject(one) || typeof one.type !== 'string' || typeof one.value !== 'string') {
      return fail(acmeProblem('malformed', 'Every identifier is an object with the strings "type" and "value".'));
    }
    read.push({ type: one.type, value: one.value });
  }
  return ok(read);
}
