/**
 * Every answer of ACME is written here: JSON, problem documents, and the headers that all of them share.
 * @spec RFC 8555 §6.5
 * @spec RFC 8555 §6.7
 * @spec RFC 8555 §7.1
 */
import type { JsonObject } from '@tegata/core/codec/json';
import type { HttpRequest, HttpResponse } from '@tegata/core/http/message';
import type { EdgeFault } from '../../ports/endpoint.ts';
import type { NonceWindow } from '../nonces/nonce-window.ts';
import { type AcmeProblem, acmeProblem, problemDocument } from '../problems.ts';
import type { AcmeUrls } from '../urls.ts';

/** What an endpoint has to say when all went well. */
export interface Answer {
  readonly status: number;
  readonly body?: string;
  readonly mediaType?: string;
  /** Names and values in turn. */
  readonly headers?: readonly string[];
}

export interface Responder {
  answer(answer: Answer): HttpResponse;
  problem(problem: AcmeProblem): HttpResponse;
  /** A fault found before the endpoint ran. */
  refuse(fault: EdgeFault, request: HttpRequest): HttpResponse;
}

/** A JSON answer. */
export function jsonAnswer(status: number, value: JsonObject, headers: readonly string[] = []): Answer {
  return { status, body: JSON.stringify(value), mediaType: 'application/json', headers };
}

/** `Link` header, name and value in turn. */
export function linkTo(url: string, relation: string): readonly string[] {
  return ['Link', `<${url}>;rel="${relation}"`];
}

export function createResponder(urls: AcmeUrls, nonces: NonceWindow): Responder {
  const index = linkTo(urls.directory, 'index');

  const shared = (): string[] => ['Replay-Nonce', nonces.issue(), 'Cache-Control', 'no-store', ...index];

  const problem = (value: AcmeProblem): HttpResponse => ({
    status: value.status,
    headers: [...shared(), 'Content-Type', 'application/problem+json', ...value.headers],
    body: JSON.stringify(problemDocument(value)),
  });

  return {
    problem,
    answer({ status, body, mediaType, headers }) {
      const all = shared();
      if (mediaType !== undefined) all.push('Content-Type', mediaType);
      if (headers !== undefined) all.push(...headers);
      return body === undefined ? { status, headers: all } : { status, headers: all, body };
    },
    refuse: (fault, request) => problem(problemOfFault(fault, request)),
  };
}

function problemOfFault(fault: EdgeFault, request: HttpRequest): AcmeProblem {
  switch (fault.kind) {
    case 'method_not_allowed':
      return acmeProblem(
        'malformed',
        `This address answers ${fault.allowed.join(' and ')} only.${hintFor(fault.allowed)}`,
        {
          status: 405,
          headers: ['Allow', fault.allowed.join(', ')],
        },
      );
    case 'unsupported_media_type':
      return acmeProblem('malformed', `Send the request as ${fault.expected}, without a content coding.`, {
        status: 415,
      });
    case 'body_too_large':
      return acmeProblem('malformed', `The request is longer than ${fault.limit} bytes.`, { status: 413 });
    case 'body_unreadable':
      return acmeProblem('malformed', 'The request ended before its content was complete.');
    case 'unavailable':
      return acmeProblem('serverInternal', 'The server cannot do this now. Try again in a moment.', {
        status: 503,
        headers: ['Retry-After', '10'],
      });
    case 'defect':
      return acmeProblem('serverInternal', `Something went wrong here. It has been logged as request ${request.id}.`);
  }
}

function hintFor(allowed: readonly string[]): string {
  return allowed.includes('GET') ? '' : ' To read it, send a signed POST with an empty payload (POST-as-GET).';
}
