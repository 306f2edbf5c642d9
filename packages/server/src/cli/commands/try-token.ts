/** `tegata try token`: the whole way to an access token, with a client made for it and removed again. */
import { join } from 'node:path';
import { type JsonObject, parseJsonObject } from '@tegata/core/codec/json';
import { parseJwt } from '@tegata/core/jose/jwt';
import { systemRandom } from '@tegata/core/random';
import { ok, type Result } from '@tegata/core/result';
import { systemClock } from '@tegata/core/time/clock';
import type { Config } from '../../config/config.ts';
import { registerClient } from '../../oauth/clients/register-client.ts';
import { createMetadataPolicy } from '../../oauth/metadata-policy.ts';
import type { Store } from '../../ports/store.ts';
import { type CliFault, type Command, failure, type Output } from '../command.ts';
import { withStore } from '../open.ts';
import type { HttpsAnswer } from '../try/https-client.ts';
import { accessServer, type ServerAccess } from '../try/server-access.ts';

export const command: Command = {
  notes:
    'Registers a client in the store, asks the running server for a token as that client would, and removes the client.',
  run: (_, context) => withStore(context, tryToken),
};

interface ThrowAwayClient {
  readonly id: string;
  readonly secret: string;
}

async function tryToken(store: Store, config: Config): Promise<Result<Output, CliFault>> {
  const access = await accessServer(config, store);
  if (!access.ok) return access;
  const client = await addClient(store);
  if (!client.ok) return client;
  try {
    return await requestToken(access.value, client.value, config);
  } finally {
    await store.clients.remove(client.value.id, systemClock.now());
  }
}

async function addClient(store: Store): Promise<Result<ThrowAwayClient, CliFault>> {
  const algorithms = [...new Set((await store.keys.list('token')).map(({ algorithm }) => algorithm))].sort();
  const registered = registerClient(
    { metadata: { client_name: 'tegata try token', grant_types: ['client_credentials'] }, source: 'operator' },
    { policy: createMetadataPolicy(algorithms, []), random: systemRandom(), now: systemClock.now() },
  );
  if (!registered.ok) return failure(registered.error.description);
  const { record, secret = '' } = registered.value;
  await store.clients.add(record);
  return ok({ id: record.clientId, secret });
}

async function requestToken(
  { https, issuer }: ServerAccess,
  client: ThrowAwayClient,
  config: Config,
): Promise<Result<Output, CliFault>> {
  const found = readJson(
    await https.send('GET', `${issuer}/.well-known/openid-configuration`),
    'the discovery document',
  );
  if (!found.ok) return found;
  const endpoint = found.value.token_endpoint;
  if (typeof endpoint !== 'string') return failure(`The discovery document of ${issuer} names no token endpoint.`);
  const headers = {
    Authorization: `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`,
    'Content-Type': 'application/x-www-form-urlencoded',
  };
  const answer = readJson(
    await https.send('POST', endpoint, headers, 'grant_type=client_credentials'),
    'the token request',
  );
  if (!answer.ok) return answer;
  const token = answer.value.access_token;
  const claims = typeof token === 'string' ? parseJwt(token) : undefined;
  if (claims?.ok !== true) return failure(`The server at ${issuer} gave no token that can be read.`);
  return ok(describe(answer.value, claims.value.claims, endpoint, config));
}

function readJson(answer: Result<HttpsAnswer, CliFault>, what: string): Result<JsonObject, CliFault> {
  if (!answer.ok) return answer;
  const { status, body } = answer.value;
  const json = parseJsonObject(body);
  if (status === 200 && json.ok) return json;
  const said = json.ok ? (json.value.error_description ?? json.value.error) : body.slice(0, 200).trim();
  return failure(`The server answered ${what} with status ${status}: ${said}`);
}

function describe(answer: JsonObject, claims: JsonObject, endpoint: string, config: Config): Output {
  const root = join(config.data, 'root.pem');
  const text = `Access token (${answer.token_type}, good for ${answer.expires_in} s):

${answer.access_token}

What it says:

${JSON.stringify(claims, null, 2)}

Its client was made for this and is gone again. For one of your own, and the same request with curl:

  tegata client add --id my-service --grant client_credentials
  curl --cacert ${root} --user my-service:SECRET --data grant_type=client_credentials ${endpoint}
`;
  return { text, json: { ...answer, claims } };
}
