/**
 * The directory: where everything else is, derived from what is mounted.
 * @spec RFC 8555 §7.1.1
 * @spec RFC 8555 §9.7.5
 * @spec RFC 8555 §9.7.6
 */
import type { JsonObject } from '@tegata/core/codec/json';
import type { HttpResponse } from '@tegata/core/http/message';
import type { Endpoint } from '../../ports/endpoint.ts';
import { joseMediaType, requireEmptyPayload, verifyRequest } from '../jws/verify-request.ts';
import { acmePaths } from '../urls.ts';
import type { AcmeContext } from './context.ts';
import { maximumRequestBytes } from './signed-endpoint.ts';

export interface DirectoryMeta {
  readonly termsOfService: string | undefined;
  readonly website: string | undefined;
  readonly caaIdentities: readonly string[];
}

/** Members that a directory can have for a resource; those of endpoints that are not mounted are left out. */
const directoryMembers: readonly string[] = ['newNonce', 'newAccount', 'newOrder', 'revokeCert', 'keyChange'];

/** The directory, and the same at its short address. */
export function directoryEndpoints(
  acme: AcmeContext,
  mounted: readonly Endpoint[],
  meta: DirectoryMeta,
): readonly Endpoint[] {
  const body = JSON.stringify(renderDirectory(acme, mounted, meta));
  return [
    endpoint('directory', acmePaths.directory, body, acme),
    endpoint('directoryAlias', acmePaths.directoryAlias, body, acme),
  ];
}

function renderDirectory(acme: AcmeContext, mounted: readonly Endpoint[], meta: DirectoryMeta): JsonObject {
  const resources = mounted
    .filter(({ name }) => directoryMembers.includes(name))
    .map(({ name, path }) => [name, acme.urls.resource(path)] as const);
  const profiles = acme.ca.profiles.map(({ name, description }) => [name, description] as const);
  return {
    ...Object.fromEntries(resources),
    meta: {
      termsOfService: meta.termsOfService,
      website: meta.website,
      caaIdentities: meta.caaIdentities.length === 0 ? undefined : meta.caaIdentities,
      externalAccountRequired: false,
      profiles: Object.fromEntries(profiles),
    },
  };
}

/** Read without a signature, which is how clients begin, or by POST-as-GET. */
function endpoint(name: string, path: string, body: string, acme: AcmeContext): Endpoint {
  const headers = ['Content-Type', 'application/json', 'Cache-Control', 'public, max-age=300'];
  const directory: HttpResponse = { status: 200, headers, body };
  return {
    name,
    methods: ['GET', 'HEAD', 'POST'],
    path,
    body: { mediaType: joseMediaType, limit: maximumRequestBytes },
    cors: 'any',
    async handle(request, context) {
      if (request.method !== 'POST') return directory;
      const verified = await verifyRequest(request, 'account', context.now, acme);
      const empty = verified.ok ? requireEmptyPayload(verified.value.payload) : verified;
      if (!empty.ok) return acme.responder.problem(empty.error);
      return { ...directory, headers: ['Content-Type', 'application/json', 'Replay-Nonce', acme.nonces.issue()] };
    },
    refuse: acme.responder.refuse,
  };
}
