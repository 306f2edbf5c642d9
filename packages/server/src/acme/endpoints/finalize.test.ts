import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { encodeBase64url } from '@tegata/core/codec/base64url';
import { DerWriter } from '@tegata/core/codec/der-writer';
import { oid } from '@tegata/core/codec/oid';
import { sha256 } from '@tegata/core/crypto';
import { fail } from '@tegata/core/result';
import type { Extension } from '@tegata/core/x509/extension';
import { encodeBasicConstraints } from '@tegata/core/x509/extensions/basic-constraints';
import { encodeExtKeyUsage } from '@tegata/core/x509/extensions/ext-key-usage';
import { encodeKeyUsage } from '@tegata/core/x509/extensions/key-usage';
import { commonName } from '@tegata/core/x509/name';
import { createAcmeKey, createCsr } from '../../../../../test/support/acme.ts';
import { type Account, type AcmeHarness, createAcmeHarness } from '../../../../../test/support/acme-harness.ts';
import { generateKeys } from '../../../../../test/support/certificates.ts';
import { assertProblem } from '../../../../../test/support/problems.ts';

describe('finalize', () => {
  let acme: AcmeHarness;
  let account: Account;
  let ready: string;
  let order: string;
  const names = ['a.example', 'b.example'];

  before(async () => {
    acme = await createAcmeHarness();
    account = await acme.register();
    const placed = await acme.order(account, names);
    ready = placed.json.finalize as string;
    order = placed.header('location') as string;
  });
  after(() => acme.close());

  const dns = (...values: string[]) => values.map((value) => ({ type: 'dns' as const, value }));
  const mustStaple: Extension = {
    oid: '1.3.6.1.5.5.7.1.24',
    critical: false,
    value: new DerWriter().sequence(() => {}).finish(),
  };

  const refused: readonly [string, () => unknown, string][] = [
    ['no csr', () => undefined, 'malformed'],
    ['a csr that is a number', () => 1, 'malformed'],
    ['padding', () => `${createCsr(names).csr}=`, 'badCSR'],
    ['PEM', () => '-----BEGIN CERTIFICATE REQUEST-----', 'badCSR'],
    ['nothing', () => '', 'badCSR'],
    ['bytes that are no DER', () => 'AAAA', 'badCSR'],
    ['trailing bytes', () => encodeBase64url(Buffer.concat([createCsr(names).der, Buffer.of(0)])), 'badCSR'],
    ['a byte too few', () => encodeBase64url(createCsr(names).der.subarray(0, -1)), 'badCSR'],
    ['a bad self-signature', () => encodeBase64url(flip(createCsr(names).der, -1)), 'badCSR'],
    ['a name more', () => createCsr([...names, 'c.example']).csr, 'badCSR'],
    ['a name fewer', () => createCsr(['a.example']).csr, 'badCSR'],
    ['other names', () => createCsr(['c.example', 'd.example']).csr, 'badCSR'],
    ['a wildcard instead', () => createCsr(['a.example', '*.b.example']).csr, 'badCSR'],
    ['a common name more', () => createCsr(names, { subject: commonName('c.example') }).csr, 'badCSR'],
    ['no names at all', () => createCsr([]).csr, 'badCSR'],
    [
      'an e-mail address',
      () => createCsr(names, { names: [...dns(...names), { type: 'email', value: 'a@a.example' }] }).csr,
      'badCSR',
    ],
    [
      'an IP address',
      () => createCsr(names, { names: [...dns(...names), { type: 'ip', value: Uint8Array.of(127, 0, 0, 1) }] }).csr,
      'badCSR',
    ],
    [
      'a URI',
      () => createCsr(names, { names: [...dns(...names), { type: 'uri', value: 'https://a.example' }] }).csr,
      'badCSR',
    ],
    ['a name that is no host name', () => createCsr(names, { names: dns(...names, 'a_b.example') }).csr, 'badCSR'],
    ['being a CA', () => createCsr(names, { extensions: [encodeBasicConstraints({ ca: true })] }).csr, 'badCSR'],
    ['signing certificates', () => createCsr(names, { extensions: [encodeKeyUsage(['keyCertSign'])] }).csr, 'badCSR'],
    ['signing code', () => createCsr(names, { extensions: [encodeExtKeyUsage(['1.3.6.1.5.5.7.3.3'])] }).csr, 'badCSR'],
    ['must-staple', () => createCsr(names, { extensions: [mustStaple] }).csr, 'badCSR'],
    [
      'a malformed extension',
      () => createCsr(names, { extensions: [{ oid: oid.keyUsage, critical: true, value: Uint8Array.of(5, 0) }] }).csr,
      'badCSR',
    ],
    ['the account key', () => createCsr(names, { privateKey: account.key.privateKey }).csr, 'badCSR'],
  ];
  for (const [what, csr, type] of refused) {
    it(`refuses ${what}, and the order stays ready`, async () => {
      assertProblem(await acme.post(account, ready, { csr: csr() as string }), 400, type);
      assert.equal((await acme.post(account, order, '')).json.status, 'ready');
    });
  }

  it('refuses the key of any other account', async () => {
    const other = await acme.register();
    const { csr } = createCsr(names, { privateKey: other.key.privateKey });
    assertProblem(await acme.post(account, ready, { csr }), 400, 'badCSR');
  });

  it('refuses a key that was reported as compromised', async () => {
    const key = createAcmeKey();
    await acme.store.certificates.blockKey(sha256(key.publicKeyInfo), acme.clock.now());
    const { csr } = createCsr(names, { privateKey: key.privateKey });
    assertProblem(await acme.post(account, ready, { csr }), 400, 'badCSR');
  });

  it('says which names are wrong', async () => {
    const { json } = await acme.post(account, ready, { csr: createCsr(['a.example', 'c.example']).csr });
    assert.match(json.detail as string, /c\.example/);
  });

  const accepted: readonly [string, Parameters<typeof createCsr>[1]][] = [
    ['no subject', { subject: [] }],
    ['a common name that is a text', { subject: commonName('The web server') }],
    ['names in another order and case', { names: dns('B.example', 'A.EXAMPLE') }],
    ['a name only in the common name', { subject: commonName('a.example'), names: dns('b.example') }],
    [
      'usual extensions',
      {
        extensions: [
          encodeBasicConstraints({ ca: false }),
          encodeKeyUsage(['digitalSignature', 'keyEncipherment']),
          encodeExtKeyUsage([oid.serverAuth, oid.clientAuth]),
        ],
      },
    ],
    ['an RSA key', { privateKey: generateKeys('RS256').privateKey }],
    ['a P-384 key', { privateKey: generateKeys('ES384').privateKey }],
    ['an Ed25519 key', { privateKey: generateKeys('Ed25519').privateKey }],
  ];
  for (const [what, change] of accepted) {
    it(`accepts ${what}`, async () => {
      const { order: done, chain } = await acme.issue(account, names, createCsr(names, change).csr);
      assert.equal(done.status, 200);
      const found = new X509Certificate(chain).subjectAltName?.split(', ').sort();
      assert.deepEqual(found, ['DNS:a.example', 'DNS:b.example']);
    });
  }

  it('does nothing for an order that is not ready', async () => {
    const placed = await acme.post(account, acme.url('/acme/new-order'), {
      identifiers: [{ type: 'dns', value: 'open.example' }],
    });
    const { csr } = createCsr(['open.example']);
    assertProblem(await acme.post(account, placed.json.finalize as string, { csr }), 403, 'orderNotReady');
    const issued = await acme.issue(account, names);
    assertProblem(await acme.post(account, issued.order.json.finalize as string, { csr }), 403, 'orderNotReady');
  });

  it('issues one certificate when two requests arrive together', async () => {
    const placed = await acme.order(account, names);
    const before = await countCertificates();
    const requests = Array.from({ length: 5 }, () =>
      acme.post(account, placed.json.finalize as string, { csr: createCsr(names).csr }),
    );
    const answers = await Promise.all(requests);
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    assert.ok(answers.every(({ status, problem }) => status === 200 || problem === 'orderNotReady'));
    assert.equal((await countCertificates()) - before, 1);
  });

  it('cannot be finalized by another account', async () => {
    const other = await acme.register();
    assertProblem(await acme.post(other, ready, { csr: createCsr(names).csr }), 403, 'unauthorized');
  });

  it('ends an order whose authorization is given up', async () => {
    const placed = await acme.order(account, ['give.example']);
    const [authorization] = placed.json.authorizations as [string];
    assert.equal((await acme.post(account, authorization, { status: 'deactivated' })).json.status, 'deactivated');
    const { csr } = createCsr(['give.example']);
    assertProblem(await acme.post(account, placed.json.finalize as string, { csr }), 403, 'orderNotReady');
  });

  it('answers processing when the certificate takes its time, and how long to wait', async () => {
    const slow = await createAcmeHarness({ idle: true });
    try {
      const owner = await slow.register();
      const placed = await readyOrder(slow, owner, 'slow.example');
      const answer = await slow.post(owner, placed.finalize, { csr: createCsr(['slow.example']).csr });
      assert.equal(answer.status, 200);
      assert.equal(answer.json.status, 'processing');
      assert.equal(answer.header('retry-after'), '1');
    } finally {
      await slow.close();
    }
  });

  for (const [what, fault, type] of [
    ['the profile refuses', { kind: 'refused', detail: 'Too long.' }, 'rejectedIdentifier'],
    ['a lint finds the certificate wrong', { kind: 'lint', findings: ['e_wrong'] }, 'serverInternal'],
    ['the order has been ended', { kind: 'superseded' }, 'unauthorized'],
  ] as const) {
    it(`makes the order invalid with ${type} when ${what}`, async () => {
      const failing = await createAcmeHarness({ wrapCa: (ca) => ({ ...ca, issue: async () => fail(fault) }) });
      try {
        const owner = await failing.register();
        const placed = await failing.order(owner, ['x.example']);
        const answer = await failing.post(owner, placed.json.finalize as string, { csr: createCsr(['x.example']).csr });
        assert.equal(answer.status, 200);
        assert.equal(answer.json.status, 'invalid');
        assert.equal((answer.json.error as { type: string }).type, `urn:ietf:params:acme:error:${type}`);
        assert.doesNotMatch(answer.text, /e_wrong/);
      } finally {
        await failing.close();
      }
    });
  }

  async function countCertificates(): Promise<number> {
    const seen = new Set<string>();
    const owner = account.url.split('/').at(-1) as string;
    const page = await acme.store.orders.listByAccount(owner, { limit: 500 });
    for (const id of page.items) {
      const found = await acme.store.orders.load(id, acme.clock.now());
      if (found?.certificate !== undefined) seen.add(found.certificate);
    }
    return seen.size;
  }
});

function flip(der: Uint8Array, at: number): Uint8Array {
  const changed = Uint8Array.from(der);
  const index = at < 0 ? changed.length + at : at;
  changed[index] = (changed[index] as number) ^ 1;
  return changed;
}

/** An order made ready in the store itself, as this process runs no jobs. */
async function readyOrder(acme: AcmeHarness, account: Account, name: string): Promise<{ finalize: string }> {
  const identifiers = [{ type: 'dns', value: name }];
  const { json } = await acme.post(account, acme.url('/acme/new-order'), { identifiers });
  const [authorizationUrl] = json.authorizations as [string];
  const authorization = await acme.post(account, authorizationUrl, '');
  const [challenge] = authorization.json.challenges as unknown as readonly [{ url: string }];
  await acme.post(account, challenge.url, {});
  const [authorizationId, challengeId] = challenge.url.split('/').slice(-2) as [string, string];
  const at = acme.clock.now();
  await acme.store.orders.recordValidation({
    authorizationId,
    challengeId,
    at,
    authorizationExpiresAt: at + 1e9,
    jobId: 'none',
  });
  return { finalize: json.finalize as string };
}
