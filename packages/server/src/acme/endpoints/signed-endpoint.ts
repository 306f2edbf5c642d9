/**
 * The pipeline that every signed endpoint shares: verify, run, answer. An endpoint adds only what is its own.
 * @spec RFC 8555 §6.2
 * @spec RFC 8555 §6.3
 */
import type { HttpRequest } from '@tegata/core/http/message';
import type { PublicKey } from '@tegata/core/jose/jwk';
import type { Result } from '@tegata/core/result';
import type { Endpoint, RequestContext } from '../../ports/endpoint.ts';
import type { AcmeAccountRecord } from '../../ports/stores/acme-accounts.ts';
import { joseMediaType, type RequestSigner, verifyRequest } from '../jws/verify-request.ts';
import type { AcmeProblem } from '../problems.ts';
import type { AcmeContext } from './context.ts';
import type { Answer } from './respond.ts';

/** Longest signed request. */
export const maximumRequestBytes = 65_536;

/** A verified request as an endpoint sees it. */
export interface Call<S = RequestSigner> {
  readonly signer: S;
  readonly payload: Uint8Array;
  readonly url: string;
  readonly request: HttpRequest;
  readonly context: RequestContext;
}

export type AccountSigner = { readonly account: AcmeAccountRecord; readonly key: PublicKey };

type Outcome = Result<Answer, AcmeProblem> | Promise<Result<Answer, AcmeProblem>>;

interface Shape {
  readonly name: string;
  /** Below the base path. */
  readonly path: string;
}

/** An endpoint whose requests an account signs. */
export function accountEndpoint(
  acme: AcmeContext,
  shape: Shape,
  handle: (call: Call<AccountSigner>) => Outcome,
): Endpoint {
  return signedEndpoint(acme, shape, 'account', (call) => handle(call as Call<AccountSigner>));
}

/** An endpoint whose requests carry the key that signed them. */
export function keyEndpoint(
  acme: AcmeContext,
  shape: Shape,
  handle: (call: Call<{ key: PublicKey }>) => Outcome,
): Endpoint {
  return signedEndpoint(acme, shape, 'key', handle);
}

/** An endpoint whose requests may be signed either way. */
export function anySignerEndpoint(acme: AcmeContext, shape: Shape, handle: (call: Call) => Outcome): Endpoint {
  return signedEndpoint(acme, shape, 'any', handle);
}

function signedEndpoint(
  acme: AcmeContext,
  { name, path }: Shape,
  expected: 'account' | 'key' | 'any',
  handle: (call: Call) => Outcome,
): Endpoint {
  return {
    name,
    methods: ['POST'],
    path,
    body: { mediaType: joseMediaType, limit: maximumRequestBytes },
    cors: 'any',
    async handle(request, context) {
      const verified = await verifyRequest(request, expected, context.now, acme);
      if (!verified.ok) return acme.responder.problem(verified.error);
      const outcome = await handle({ ...verified.value, request, context });
      return outcome.ok ? acme.responder.answer(outcome.value) : acme.responder.problem(outcome.error);
    },
    refuse: acme.responder.refuse,
  };
}
