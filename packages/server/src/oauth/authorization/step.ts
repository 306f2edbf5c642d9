/** One check of an authorization request: reads some parameters, refuses them or turns them into members of the request. */
import type { FormParameters } from '@tegata/core/http/forms';
import type { Result } from '@tegata/core/result';
import type { Instant } from '@tegata/core/time/clock';
import type { KeyRing } from '../../ports/key-ring.ts';
import type { Client } from '../clients/client.ts';
import type { OAuthError } from '../errors.ts';
import type { ResourceRules } from '../scopes/resource-indicator.ts';
import type { AuthorizationRequest } from './request.ts';

/** What checks know besides the parameters. */
export interface RequestRules extends ResourceRules {
  readonly keyRing: Pick<KeyRing, 'verificationKey' | 'algorithms'>;
}

export interface StepInput {
  readonly parameters: FormParameters;
  readonly client: Client;
  readonly rules: RequestRules;
  readonly now: Instant;
}

/** Members that a step contributes. */
export type StepOutput = Result<Partial<AuthorizationRequest>, OAuthError>;

export interface Step {
  readonly name: string;
  check(input: StepInput): StepOutput;
}
