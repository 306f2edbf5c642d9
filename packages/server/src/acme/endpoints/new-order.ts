/**
 * Places an order.
 * @spec RFC 8555 §7.4
 * @spec draft-ietf-acme-profiles-00 §4
 */
import type { JsonObject, JsonValue } from '@tegata/core/codec/json';
import { ok, type Result } from '@tegata/core/result';
import type { Instant } from '@tegata/core/time/clock';
import { hour } from '@tegata/core/time/duration';
import type { Endpoint } from '../../ports/endpoint.ts';
import { readPayload } from '../jws/verify-request.ts';
import { createOrder, type OrderRequest } from '../orders/create-order.ts';
import { renderOrder } from '../orders/order.ts';
import { type AcmeProblem, problem } from '../problems.ts';
import { parseTime } from '../time.ts';
import { acmePaths } from '../urls.ts';
import type { AcmeContext } from './context.ts';
import { jsonAnswer } from './respond.ts';
import { accountEndpoint } from './signed-endpoint.ts';

/** An authorization that ends sooner is proved again rather than letting it cut the order short. */
const reuseMargin = hour;

export function newOrderEndpoint(acme: AcmeContext): Endpoint {
  return accountEndpoint(acme, { name: 'newOrder', path: acmePaths.newOrder }, async (call) => {
    const { now } = call.context;
    const accountId = call.signer.account.id;
    const payload = readPayload(call.payload);
    if (!payload.ok) return payload;
    const asked = readOrderRequest(payload.value, accountId, now, acme);
    if (!asked.ok) return asked;
    const needed = asked.value.identifiers.map((identifier) => ({
      type: identifier.type,
      ...acme.identifiers.typeOf(identifier).authorizationFor(identifier.value),
    }));
    const { orders } = acme.store;
    const reusable = await orders.findValidAuthorizations(accountId, needed, now + reuseMargin);
    const made = createOrder(asked.value, needed, reusable, acme.lifetimes, acme.challenges, now, acme.random);
    await orders.create(made.order, made.authorizations);
    const location = ['Location', acme.urls.order(made.order.id)];
    return ok(jsonAnswer(201, renderOrder(made.order, acme.urls), location));
  });
}

function readOrderRequest(
  payload: JsonObject,
  accountId: string,
  now: Instant,
  acme: AcmeContext,
): Result<OrderRequest, AcmeProblem> {
  const profile = readProfile(payload.profile, acme);
  if (!profile.ok) return profile;
  const validity = readValidity(payload, now);
  if (!validity.ok) return validity;
  const identifiers = acme.identifiers.parseAll(payload.identifiers);
  if (!identifiers.ok) return identifiers;
  const request = { accountId, identifiers: identifiers.value, profile: profile.value, ...validity.value };
  const refusal = acme.ca.refusalOf(request, now);
  return refusal === undefined ? ok(request) : problem('malformed', refusal);
}

function readProfile(value: JsonValue | undefined, acme: AcmeContext): Result<string, AcmeProblem> {
  const { profiles, defaultProfile } = acme.ca;
  if (value === undefined) return ok(defaultProfile);
  if (typeof value !== 'string') return problem('malformed', '"profile" must be a string.');
  if (profiles.some(({ name }) => name === value)) return ok(value);
  const names = profiles.map(({ name }) => name).join(', ');
  return problem('invalidProfile', `There is no such profile; the directory lists ${names}.`);
}

type Validity = Pick<OrderRequest, 'notBefore' | 'notAfter'>;

function readValidity(payload: JsonObject, now: Instant): Result<Validity, AcmeProblem> {
  const validity: { notBefore?: Instant; notAfter?: Instant } = {};
  for (const name of ['notBefore', 'notAfter'] as const) {
    const value = payload[name];
    if (value === undefined) continue;
    const instant = typeof value === 'string' ? parseTime(value) : undefined;
    if (instant === undefined) return problem('malformed', `"${name}" must be an RFC 3339 date and time.`);
    validity[name] = instant;
  }
  const { notBefore = now, notAfter } = validity;
  if (notAfter !== undefined && (notAfter <= notBefore || notAfter <= now)) {
    return problem('malformed', '"notAfter" must be later than "notBefore" and than now.');
  }
  return ok(validity);
}
