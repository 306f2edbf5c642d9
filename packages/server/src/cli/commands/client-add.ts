/** `tegata client add`: registers an OAuth client and shows its secret, once. */
import { readFileSync } from 'node:fs';
import { type JsonObject, type JsonValue, parseJsonObject } from '@tegata/core/codec/json';
import { systemRandom } from '@tegata/core/random';
import { fail, ok, type Result } from '@tegata/core/result';
import { systemClock } from '@tegata/core/time/clock';
import type { Config } from '../../config/config.ts';
import { type RegisteredClient, registerClient } from '../../oauth/clients/register-client.ts';
import { createMetadataPolicy } from '../../oauth/metadata-policy.ts';
import type { Store } from '../../ports/store.ts';
import type { Arguments } from '../arguments.ts';
import { columns } from '../columns.ts';
import { type CliFault, type Command, failure, misuse, type Output } from '../command.ts';
import { withStore } from '../open.ts';

export const command: Command = {
  options: {
    id: { type: 'string', value: 'ID', doc: 'client id of your choice; otherwise one is made' },
    name: { type: 'string', value: 'NAME', doc: 'name that people see when they are asked for consent' },
    'redirect-uri': { type: 'string', multiple: true, value: 'URI', doc: 'where codes may be sent, compared exactly' },
    'post-logout-redirect-uri': {
      type: 'string',
      multiple: true,
      value: 'URI',
      doc: 'where to return after signing out',
    },
    grant: {
      type: 'string',
      multiple: true,
      value: 'TYPE',
      doc: 'grant type; made from the other options when left out',
    },
    auth: {
      type: 'string',
      value: 'METHOD',
      doc: 'client_secret_basic (default), client_secret_post, private_key_jwt, none',
    },
    public: { type: 'boolean', doc: 'an app that cannot keep a secret: same as --auth none' },
    native: { type: 'boolean', doc: 'a desktop or mobile app: loopback and private-use redirect URIs' },
    scope: { type: 'string', value: 'WORDS', doc: 'all scopes it may have, in one text' },
    resource: { type: 'string', multiple: true, value: 'URI', doc: 'API that it may ask tokens for' },
    serves: {
      type: 'string',
      multiple: true,
      value: 'URI',
      doc: 'API that it is itself: it may introspect tokens for it',
    },
    opaque: { type: 'boolean', doc: 'access tokens are opaque handles instead of JWTs' },
    'skip-consent': { type: 'boolean', doc: 'your own app: people are not asked for consent' },
    jwks: { type: 'string', value: 'FILE', doc: 'JSON Web Key Set with its public keys' },
    'jwks-uri': { type: 'string', value: 'URL', doc: 'where it publishes its public keys' },
    metadata: { type: 'string', value: 'FILE', doc: 'JSON with further members of RFC 7591; options win' },
  },
  notes: `Examples:
  tegata client add --name Notes --redirect-uri https://notes.example/callback --scope "openid profile"
  tegata client add --id backup --grant client_credentials --scope read --resource https://api.example`,
  run: (args, context) => withStore(context, (store, config) => add(args, store, config)),
};

async function add(args: Arguments, store: Store, config: Config): Promise<Result<Output, CliFault>> {
  const metadata = readMetadata(args);
  if (!metadata.ok) return metadata;
  const clientId = args.text('id');
  const registered = registerClient(
    { metadata: metadata.value, source: 'operator', ...(clientId === undefined ? {} : { clientId }) },
    {
      policy: createMetadataPolicy(await signingAlgorithms(store), config.oauth.scopes),
      random: systemRandom(),
      now: systemClock.now(),
    },
  );
  if (!registered.ok) return failure(registered.error.description);
  const { record } = registered.value;
  if ((await store.clients.add(record)) === 'exists') {
    return failure(`There is a client ${record.clientId} already. Choose another --id, or remove it first.`);
  }
  return ok(describe(registered.value));
}

/** Algorithms that the store has token keys for; the server makes them at its first start. */
async function signingAlgorithms(store: Store): Promise<readonly string[]> {
  const keys = await store.keys.list('token');
  return [...new Set(keys.map(({ algorithm }) => algorithm))].sort();
}

function readMetadata(args: Arguments): Result<JsonObject, CliFault> {
  const further = readJsonFile(args.text('metadata'));
  if (!further.ok) return further;
  const jwks = readJsonFile(args.text('jwks'));
  if (!jwks.ok) return jwks;
  if (args.flag('public') && args.text('auth') !== undefined) return misuse('--public and --auth exclude each other.');
  const redirectUris = args.texts('redirect-uri');
  const grants = args.texts('grant');
  const usual = redirectUris.length > 0 ? ['authorization_code', 'refresh_token'] : ['client_credentials'];
  const given: Record<string, JsonValue | undefined> = {
    client_name: args.text('name'),
    redirect_uris: unlessEmpty(redirectUris),
    post_logout_redirect_uris: unlessEmpty(args.texts('post-logout-redirect-uri')),
    grant_types: unlessEmpty(grants) ?? (further.value?.grant_types === undefined ? usual : undefined),
    token_endpoint_auth_method: args.flag('public') ? 'none' : args.text('auth'),
    application_type: args.flag('native') ? 'native' : undefined,
    scope: args.text('scope'),
    allowed_resources: unlessEmpty(args.texts('resource')),
    served_resources: unlessEmpty(args.texts('serves')),
    access_token_format: args.flag('opaque') ? 'opaque' : undefined,
    skip_consent: args.flag('skip-consent') ? true : undefined,
    jwks: jwks.value,
    jwks_uri: args.text('jwks-uri'),
  };
  const present = Object.entries(given).filter(([, value]) => value !== undefined);
  return ok({ ...further.value, ...Object.fromEntries(present) });
}

function unlessEmpty(values: readonly string[]): readonly string[] | undefined {
  return values.length === 0 ? undefined : values;
}

function readJsonFile(path: string | undefined): Result<JsonObject | undefined, CliFault> {
  if (path === undefined) return ok(undefined);
  try {
    const parsed = parseJsonObject(readFileSync(path));
    return parsed.ok ? parsed : failure(`${path} is not a JSON object that can be used: ${parsed.error.detail}`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return fail({ kind: 'failure', message: `${path} cannot be read (${code}).` });
  }
}

function describe({ record, secret }: RegisteredClient): Output {
  const rows = [['client id', record.clientId], ...(secret === undefined ? [] : [['client secret', secret]])];
  const warning =
    secret === undefined ? '' : '\nKeep the secret now: it is stored as a digest only and cannot be shown again.';
  const json = {
    client_id: record.clientId,
    ...(secret === undefined ? {} : { client_secret: secret }),
    ...record.metadata,
  };
  return { text: `The client is registered.\n${columns(rows)}${warning}`, json };
}
