import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fail, ok } from '@tegata/core/result';
import type { Probes } from '../../ports/probes.ts';
import { keyAuthorization, keyAuthorizationDigest } from '../jws/key-authorization.ts';
import { dns01 } from './dns-01.ts';

/** Token and thumbprint of the project's golden values. */
const token = 'dG9rZW4tZm9yLXRoZS1zcGVjLXRlc3Qx';
const thumbprint = 'oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U';
const expected = 'lqgRLNp8NTxYsVYXZvp7wjcu5-VhQJrZbsVqZnMmFPM';
const task = { identifier: 'host.example', token, keyAuthorization: keyAuthorization(token, thumbprint) };

async function run(records: readonly string[] | 'failure'): Promise<string> {
  const probes = {
    async resolveTxt(name: string) {
      assert.equal(name, '_acme-challenge.host.example');
      return records === 'failure' ? fail({ kind: 'dns' as const, detail: 'SERVFAIL' }) : ok(records);
    },
  } as unknown as Probes;
  const result = await dns01.validate(task, probes, AbortSignal.timeout(60_000));
  return result.ok ? 'met' : result.error.problem.type;
}

describe('dns-01', () => {
  it('expects the digest of the key authorization', () => {
    assert.equal(keyAuthorizationDigest(task.keyAuthorization), expected);
  });
  it('is met by any one of several records', async () => assert.equal(await run(['x', expected]), 'met'));
  it('is not met by none', async () => assert.equal(await run([]), 'incorrectResponse'));
  it('is not met by another value', async () => assert.equal(await run([`${expected} `]), 'incorrectResponse'));
  it('is not met by the key authorization itself', async () =>
    assert.equal(await run([task.keyAuthorization]), 'incorrectResponse'));
  it('tells a failing name server from a missing record', async () => assert.equal(await run('failure'), 'dns'));
});
