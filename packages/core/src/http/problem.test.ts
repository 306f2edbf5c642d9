import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { responseHeader } from './message.ts';
import { renderProblem } from './problem.ts';

describe('renderProblem', () => {
  it('repeats the status in a document of the right media type that no cache keeps', () => {
    const problem = { type: 'urn:ietf:params:acme:error:malformed', detail: 'No "url".', status: 400, subproblems: [] };
    const response = renderProblem(problem, ['Replay-Nonce', 'abc']);
    assert.equal(response.status, 400);
    assert.equal(responseHeader(response, 'content-type'), 'application/problem+json');
    assert.equal(responseHeader(response, 'CACHE-CONTROL'), 'no-store');
    assert.equal(responseHeader(response, 'Replay-Nonce'), 'abc');
    assert.equal(responseHeader(response, 'Location'), undefined);
    assert.deepEqual(JSON.parse(String(response.body)), problem);
  });
});
