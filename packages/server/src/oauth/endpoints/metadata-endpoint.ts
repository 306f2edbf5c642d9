/**
 * A metadata document at a well-known place: what both discovery protocols share.
 * @spec RFC 8615 §3
 */
import type { JsonObject } from '@tegata/core/codec/json';
import type { Endpoint } from '../../ports/endpoint.ts';
import { refuseOAuth } from '../render-error.ts';
import { renderPublicJson } from '../render-json.ts';

/**
 * One endpoint for each different path; the first has the plain name.
 * @param read the document of this moment: keys come and go
 */
export function createMetadataEndpoints(
  name: string,
  paths: readonly string[],
  read: () => JsonObject,
): readonly Endpoint[] {
  return [...new Set(paths)].map((path, at) => ({
    name: at === 0 ? name : `${name}_${at + 1}`,
    methods: ['GET'],
    path,
    body: { mediaType: undefined, limit: 0 },
    cors: 'any',
    refuse: refuseOAuth,
    handle: () => renderPublicJson(JSON.stringify(read())),
  }));
}
