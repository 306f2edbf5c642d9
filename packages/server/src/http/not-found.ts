/** Paths that no endpoint has: a problem document below the ACME path, one plain sentence everywhere else. */
import type { HttpRequest, HttpResponse } from '@tegata/core/http/message';
import { acmeProblem, problemDocument } from '../acme/problems.ts';
import { plainText } from './plain-text.ts';

/** Answers for unknown paths. `basePath` is the path of the issuer, without a slash at its end. */
export function createNotFound(basePath: string): (request: HttpRequest) => HttpResponse {
  return (request) => {
    const sentence = `There is nothing at ${printable(request.path)}.`;
    return request.path.startsWith(`${basePath}/acme/`) ? acmeNotFound(sentence) : plainText(404, sentence);
  };
}

function acmeNotFound(sentence: string): HttpResponse {
  const problem = acmeProblem('malformed', `${sentence} The addresses are in the directory.`, { status: 404 });
  return {
    status: 404,
    headers: ['Content-Type', 'application/problem+json', 'Cache-Control', 'no-store'],
    body: JSON.stringify(problemDocument(problem)),
  };
}

function printable(path: string): string {
  return path.slice(0, 200).replace(/[^\x21-\x7e]/g, '?');
}
