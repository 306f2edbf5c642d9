/** What can be wrong with a key, a signature or a token: one list for every JOSE file. */
import { type Failure, fail } from '../result.ts';

export type JoseFaultCode =
  /** Not the serialisation, encoding or member types that the standard asks for. */
  | 'malformed'
  /** A header parameter that changes how the rest must be read, and that we do not understand: `crit`, `b64`, `zip`. */
  | 'unsupported_header'
  /** `alg` is unknown here, symmetric, or `none`. */
  | 'unsupported_algorithm'
  /** `alg` is known but not accepted in this place. */
  | 'algorithm_not_allowed'
  /** A key of a kind that is not offered: unknown `kty` or `crv`, a size out of range. */
  | 'unsupported_key'
  /** A key that is wrong in itself: private or symmetric, off its curve, a member missing or ill encoded. */
  | 'bad_key'
  /** No key of the sender fits the header. */
  | 'key_not_found'
  | 'signature_invalid'
  /** `typ` names another kind of token. */
  | 'wrong_type'
  /** A claim is missing or of the wrong JSON type. */
  | 'bad_claim'
  | 'expired'
  | 'not_yet_valid'
  | 'wrong_issuer'
  | 'wrong_audience';

export interface JoseFault {
  readonly code: JoseFaultCode;
  /** A sentence for whoever made the token or key; never holds parts of it that could be secret. */
  readonly detail: string;
}

/** The failed Result of a JOSE function. */
export function joseFault(code: JoseFaultCode, detail: string): Failure<JoseFault> {
  return fail({ code, detail });
}
