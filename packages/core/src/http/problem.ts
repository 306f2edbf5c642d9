/**
 * Problem documents: errors that a program can tell apart and a person can read.
 * @spec RFC 9457 §3
 */
import type { JsonObject } from '../codec/json.ts';
import type { HttpResponse } from './message.ts';

/** Members of a problem document; anything beyond the registered ones is an extension of its type. */
export interface Problem extends JsonObject {
  /** A URI; left out means `about:blank`, where the status says it all. */
  readonly type?: string;
  readonly title?: string;
  /** The HTTP status, repeated in the document. */
  readonly status: number;
  readonly detail?: string;
  readonly instance?: string;
}

/** The response that carries `problem`, never stored by caches; `headers` are names and values in turn. */
export function renderProblem(problem: Problem, headers: readonly string[] = []): HttpResponse {
  return {
    status: problem.status,
    headers: ['Content-Type', 'application/problem+json', 'Cache-Control', 'no-store', ...headers],
    body: JSON.stringify(problem),
  };
}
