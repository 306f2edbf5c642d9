/** The stylesheet and the mark, under names that change with their content, so that they may be kept for good. */
import type { HttpResponse } from '@tegata/core/http/message';
import type { Endpoint } from '../../../ports/endpoint.ts';
import type { Interaction } from '../deps.ts';
import { markAsset, styleAsset } from '../pages/assets.ts';
import { refuseWithPage } from '../respond.ts';

const notFound: HttpResponse = {
  status: 404,
  headers: ['Content-Type', 'text/plain; charset=utf-8', 'Cache-Control', 'no-store'],
  body: 'There is no such file.\n',
};

/** Creates the endpoint. */
export function createAssetsEndpoint(interaction: Interaction): Endpoint {
  return {
    name: 'assets',
    methods: ['GET'],
    path: `${interaction.site.basePath}/assets/{file}`,
    body: { mediaType: undefined, limit: 0 },
    cors: 'none',
    refuse: refuseWithPage(interaction),
    handle({ params }) {
      const asset = [styleAsset, markAsset].find(({ name }) => name === params.file);
      if (asset === undefined) return notFound;
      const { mediaType, content } = asset;
      const headers = [
        'Content-Type',
        mediaType,
        'Cache-Control',
        'public, max-age=31536000, immutable',
        'Content-Security-Policy',
        "default-src 'none'; frame-ancestors 'none'",
        'Cross-Origin-Resource-Policy',
        'same-origin',
      ];
      return { status: 200, headers, body: content };
    },
  };
}
