/**
 * Certificates of our CAs and their CRLs, for everybody, over plain HTTP: what a signature protects needs no TLS.
 * @spec RFC 5280 §4.2.1.13
 * @spec RFC 5280 §4.2.2.1
 * @spec RFC 2585 §3
 */
import { encodeHex } from '@tegata/core/codec/hex';
import { sha256 } from '@tegata/core/crypto';
import type { HttpRequest, HttpResponse } from '@tegata/core/http/message';
import type { Instant } from '@tegata/core/time/clock';
import { second } from '@tegata/core/time/duration';
import type { CrlPublisher } from '../ca/crl-publisher.ts';
import type { Hierarchy } from '../ca/hierarchy.ts';
import type { Endpoint } from '../ports/endpoint.ts';
import { plainText, refusePlainly } from './plain-text.ts';

export interface CaEndpointsDeps {
  readonly hierarchy: Pick<Hierarchy, 'root' | 'find'>;
  readonly crls: Pick<CrlPublisher, 'current'>;
  /** Path before every address, `''` for none. */
  readonly basePath: string;
}

interface Document {
  readonly mediaType: string;
  readonly body: Uint8Array | string;
  /** Changes whenever the body does. */
  readonly version: string;
  /** Seconds. */
  readonly maxAge: number;
  readonly lastModified?: Instant;
}

/** A CRL may be asked for again this often: a revocation should be seen soon. */
const crlMaxAge = 3600;
const certificateMaxAge = 86_400;

/** `/crl/<issuer key id>.crl`, `/ca/<issuer key id>.crt`, `/ca/root.crt` and `/ca/root.pem`. */
export function createCaEndpoints({ hierarchy, crls, basePath }: CaEndpointsDeps): readonly Endpoint[] {
  const certificate = (der: Uint8Array): Document => ({
    mediaType: 'application/pkix-cert',
    body: der,
    version: fingerprint(der),
    maxAge: certificateMaxAge,
  });
  return [
    documentEndpoint('crl', `${basePath}/crl/{issuer}.crl`, async ({ params }, now) => {
      const crl = await crls.current(params.issuer ?? '');
      if (crl === undefined) return undefined;
      const left = Math.floor((crl.nextUpdate - now) / second);
      const maxAge = Math.max(0, Math.min(crlMaxAge, left));
      const version = `${crl.number}-${crl.thisUpdate}`;
      return { mediaType: 'application/pkix-crl', body: crl.der, version, maxAge, lastModified: crl.thisUpdate };
    }),
    documentEndpoint('issuer_certificate', `${basePath}/ca/{issuer}.crt`, ({ params }) => {
      const issuer = hierarchy.find(params.issuer ?? '');
      return issuer === undefined ? undefined : certificate(issuer.certificate.der);
    }),
    documentEndpoint('root_certificate', `${basePath}/ca/root.crt`, () =>
      certificate(hierarchy.root().certificate.der),
    ),
    documentEndpoint('root_certificate_pem', `${basePath}/ca/root.pem`, () => {
      const { certificate: root, pem } = hierarchy.root();
      return { ...certificate(root.der), mediaType: 'application/x-pem-file', body: pem };
    }),
  ];
}

type FindDocument = (request: HttpRequest, now: Instant) => Document | undefined | Promise<Document | undefined>;

function documentEndpoint(name: string, path: string, find: FindDocument): Endpoint {
  return {
    name,
    methods: ['GET', 'HEAD'],
    path,
    body: { mediaType: undefined, limit: 0 },
    cors: 'any',
    async handle(request, { now }) {
      const document = await find(request, now);
      return document === undefined
        ? plainText(404, 'There is no such document here.')
        : respondWith(document, request);
    },
    refuse: refusePlainly,
  };
}

function fingerprint(der: Uint8Array): string {
  return encodeHex(sha256(der).subarray(0, 16));
}

function respondWith({ mediaType, body, version, maxAge, lastModified }: Document, request: HttpRequest): HttpResponse {
  const tag = `"${version}"`;
  const headers = ['Cache-Control', `public, max-age=${maxAge}`, 'ETag', tag];
  if (matches(request.headers['if-none-match'], tag)) return { status: 304, headers };
  headers.push('Content-Type', mediaType);
  if (lastModified !== undefined) headers.push('Last-Modified', new Date(lastModified).toUTCString());
  return { status: 200, headers, body };
}

/** If-None-Match compares weakly (RFC 9110 section 13.1.2). */
function matches(field: string | undefined, tag: string): boolean {
  if (field === undefined) return false;
  return field.trim() === '*' || field.split(',').some((one) => one.trim().replace(/^W\//, '') === tag);
}
