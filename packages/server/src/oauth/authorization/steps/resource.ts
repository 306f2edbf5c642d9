/**
 * Resource indicators: which resource servers the tokens will be for.
 * @spec RFC 8707 §2.1
 */
import { ok } from '@tegata/core/result';
import { checkResources } from '../../scopes/resource-indicator.ts';
import type { Step } from '../step.ts';

export const resource: Step = {
  name: 'resource',
  check({ parameters, client, rules }) {
    const resources = checkResources(parameters.all('resource'), client, rules);
    return resources.ok ? ok({ resources: resources.value }) : resources;
  },
};
