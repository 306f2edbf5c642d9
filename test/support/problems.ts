/** What every problem document of ACME has in common. */
import assert from 'node:assert/strict';
import type { Answer } from './acme-harness.ts';

/** Fails unless the answer is a complete problem document of this status and type. */
export function assertProblem(answer: Answer, status: number, type: string): void {
  assert.deepEqual([answer.status, answer.problem], [status, type], answer.text);
  assert.equal(answer.header('content-type'), 'application/problem+json');
  assert.match(answer.header('replay-nonce') ?? '', /^[\w-]+$/);
  assert.match(answer.header('link') ?? '', /;rel="index"/);
  assert.match(answer.json.detail as string, /^[A-Z"].*\.$/);
  assert.equal(answer.json.status, status);
}
