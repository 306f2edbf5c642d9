/**
 * The challenge types that are mounted, and which of them an authorization offers.
 * @spec RFC 8555 §9.7.8
 */
import type { AuthorizationRecord } from '../../ports/stores/orders.ts';
import type { ChallengeType } from './challenge-type.ts';

export interface ChallengeRegistry {
  /** The types that can validate this identifier, in the order in which they are offered. */
  offered(authorization: Pick<AuthorizationRecord, 'identifier' | 'wildcard'>): readonly ChallengeType[];
  find(type: string): ChallengeType | undefined;
}

export function createChallengeRegistry(types: readonly ChallengeType[]): ChallengeRegistry {
  const byType = new Map(types.map((type) => [type.type, type]));
  if (byType.size !== types.length) throw new Error('two challenge types have one name');
  return {
    offered: ({ identifier, wildcard }) =>
      types.filter((type) => type.identifiers.includes(identifier.type) && (!wildcard || type.wildcard)),
    find: (type) => byType.get(type),
  };
}
