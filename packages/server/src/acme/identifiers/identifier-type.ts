/**
 * What one identifier type has to say; everything else about identifiers is the same for all of them.
 * @spec RFC 8555 §9.7.7
 */
import type { Result } from '@tegata/core/result';
import type { GeneralName } from '@tegata/core/x509/general-name';
import type { AcmeSubproblem } from '../problems.ts';

export type IdentifierFault = Pick<AcmeSubproblem, 'type' | 'detail'>;

export interface IdentifierType {
  /** The registered value, e.g. `dns`. */
  readonly type: string;
  /** The canonical form of a value sent by a client, or why there can be no certificate for it. */
  parse(value: string): Result<string, IdentifierFault>;
  /** What has to be proved for a canonical value: the value of the authorization, and whether it covers a wildcard. */
  authorizationFor(value: string): { readonly value: string; readonly wildcard: boolean };
  /** The canonical value that a name in a certificate stands for; `undefined` when the name is of another type or not valid. */
  fromGeneralName(name: GeneralName): string | undefined;
  /** The canonical value that a common name stands for; `undefined` when it is just a text. */
  fromCommonName(text: string): string | undefined;
}
