import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { encodeBase64url } from '@tegata/core/codec/base64url';
import type { JsonValue } from '@tegata/core/codec/json';
import { decodePem } from '@tegata/core/codec/pem';
import { sha256 } from '@tegata/core/crypto';
import { unwrap } from '@tegata/core/result';
import { type AcmeKey, createAcmeKey, createCsr } from '../../../../../test/support/acme.ts';
import {
  type Account,
  type AcmeHarness,
  type Answer,
  createAcmeHarness,
} from '../../../../../test/support/acme-harness.ts';
import { createTestAuthority } from '../../../../../test/support/certificates.ts';
import { assertProblem } from '../../../../../test/support/problems.ts';

describe('revocation', () => {
  let acme: AcmeHarness;
  let account: Account;
  let key: AcmeKey;
  const names = ['r.example', '*.r.example'];

  before(async () => {
    acme = await createAcmeHarness();
    account = await acme.register();
  });
  after(() => acme.close());

  /** A new certificate of the account for a key that the test keeps. */
  async function issue(): Promise<string> {
    // Identifiers are in the order of time.
    acme.clock.advance(1);
    key = createAcmeKey();
    const { chain } = await acme.issue(account, names, createCsr(names, { privateKey: key.privateKey }).csr);
    return encodeBase64url(unwrap(decodePem(chain, 'CERTIFICATE'))[0] as Uint8Array);
  }

  function revoke(signer: Account | AcmeKey, certificate: JsonValue, reason?: JsonValue): Promise<Answer> {
    const payload = reason === undefined ? { certificate } : { certificate, reason };
    return acme.post(signer, acme.url('/acme/revoke-cert'), payload);
  }

  it('is granted to the account that has the certificate', async () => {
    const answer = await revoke(account, await issue());
    assert.equal(answer.status, 200);
    assert.equal(answer.text, '');
    assert.ok(answer.header('replay-nonce'));
  });

  it('is granted to the key of the certificate', async () => {
    const certificate = await issue();
    assert.equal((await revoke(key, certificate, 4)).status, 200);
  });

  it('is granted to an account that controls all its names', async () => {
    const other = await acme.register();
    const certificate = await issue();
    assertProblem(await revoke(other, certificate), 403, 'unauthorized');
    await acme.order(other, ['r.example']);
    assertProblem(await revoke(other, certificate), 403, 'unauthorized');
    await acme.order(other, ['*.r.example']);
    assert.equal((await revoke(other, certificate)).status, 200);
  });

  it('is refused to everybody else', async () => {
    const certificate = await issue();
    assertProblem(await revoke(await acme.register(), certificate), 403, 'unauthorized');
    assertProblem(await revoke(createAcmeKey(), certificate), 403, 'unauthorized');
    // The account key itself is not the key of the certificate.
    assertProblem(await revoke(account.key, certificate), 403, 'unauthorized');
  });

  it('happens once', async () => {
    const certificate = await issue();
    const answers = await Promise.all([
      revoke(account, certificate),
      revoke(key, certificate),
      revoke(account, certificate),
    ]);
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    assert.equal(answers.filter(({ problem }) => problem === 'alreadyRevoked').length, 2);
    assertProblem(await revoke(account, certificate), 400, 'alreadyRevoked');
  });

  it('keeps the reason, and none as unspecified', async () => {
    for (const [reason, stored] of [
      [undefined, 0],
      [0, 0],
      [3, 3],
      [5, 5],
      [9, 9],
    ] as const) {
      const certificate = await issue();
      await revoke(account, certificate, reason);
      const issuer = (await newest())?.issuer as string;
      const listed = await acme.store.certificates.revoked(issuer, acme.clock.now());
      const { serial } = (await newest()) as { serial: string };
      assert.equal(listed.find((entry) => entry.serial === serial)?.reason, stored);
    }
  });

  it('refuses reasons that are not for these certificates', async () => {
    const certificate = await issue();
    for (const reason of [2, 6, 7, 8, 10, 11, -1, 1000]) {
      assertProblem(await revoke(account, certificate, reason), 400, 'badRevocationReason');
    }
    for (const reason of ['1', 1.5, null, [], true]) {
      assertProblem(await revoke(account, certificate, reason), 400, 'malformed');
    }
    assert.equal((await revoke(account, certificate)).status, 200);
  });

  it('keeps a compromised key from being certified again', async () => {
    const certificate = await issue();
    assert.equal((await revoke(key, certificate, 1)).status, 200);
    assert.equal(await acme.store.certificates.isBlockedKey(sha256(key.publicKeyInfo)), true);
    const { json } = await acme.order(account, names);
    const { csr } = createCsr(names, { privateKey: key.privateKey });
    assertProblem(await acme.post(account, json.finalize as string, { csr }), 400, 'badCSR');
  });

  it('leaves a key alone when the reason is another one', async () => {
    const certificate = await issue();
    await revoke(key, certificate, 4);
    assert.equal(await acme.store.certificates.isBlockedKey(sha256(key.publicKeyInfo)), false);
  });

  it('does not know certificates of others, nor changed ones', async () => {
    const authority = createTestAuthority('ES256', acme.clock.now());
    const foreign = authority.issue({
      publicKeyInfo: createAcmeKey().publicKeyInfo,
      names: [{ type: 'dns', value: 'r.example' }],
    });
    assertProblem(await revoke(account, encodeBase64url(foreign)), 404, 'malformed');
    const der = Buffer.from(await issue(), 'base64url');
    const changed = Buffer.from(der);
    changed[der.length - 1] = (changed[der.length - 1] as number) ^ 1;
    assertProblem(await revoke(account, changed.toString('base64url')), 404, 'malformed');
  });

  for (const certificate of [undefined, null, 1, '', 'AAAA', 'MAA', 'a=', '-----BEGIN CERTIFICATE-----', {}] as const) {
    it(`refuses ${JSON.stringify(certificate)} as a certificate`, async () => {
      const payload = certificate === undefined ? {} : { certificate };
      assertProblem(await acme.post(account, acme.url('/acme/revoke-cert'), payload), 400, 'malformed');
    });
  }

  async function newest(): Promise<{ serial: string; issuer: string } | undefined> {
    const { items } = await acme.store.orders.listByAccount(account.url.split('/').at(-1) as string, { limit: 500 });
    const orders = await Promise.all(items.map((id) => acme.store.orders.load(id, acme.clock.now())));
    const latest = orders.find((order) => order?.certificate !== undefined && order.identifiers.length === 2);
    return latest?.certificate === undefined ? undefined : acme.store.certificates.load(latest.certificate);
  }
});
