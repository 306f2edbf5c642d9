import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countStoreCalls, createOAuthHarness, exchange } from '../../../../../test/support/oauth-harness.ts';

test('warm client_credentials and introspection requests touch no storage at all', async () => {
  const calls: string[] = [];
  const server = await createOAuthHarness(undefined, (store) => countStoreCalls(store, calls));
  const client = await server.addClient();
  const issue = () => server.call('token', { form: { grant_type: 'client_credentials' }, authorization: client.basic });
  const token = String((await issue()).json.access_token);
  assert.ok(calls.includes('clients.load'), 'the counter sees the cold request');

  calls.length = 0;
  for (let at = 0; at < 20; at++) {
    assert.equal((await issue()).status, 200);
    const asked = await server.call('introspection', { form: { token }, authorization: client.basic });
    assert.equal(asked.json.active, true);
  }
  assert.deepEqual(calls, []);
  await server.close();
});

test('a code exchange reads once and writes once, and a refresh reads twice and writes once', async () => {
  const calls: string[] = [];
  const server = await createOAuthHarness(undefined, (store) => countStoreCalls(store, calls));
  const client = await server.addClient();
  const subject = await server.addUser();
  const redeem = async () => {
    const form = exchange(await server.putCode({ client, subject }));
    calls.length = 0;
    return server.call('token', { form, authorization: client.basic });
  };
  await redeem();
  const { json } = await redeem();
  assert.deepEqual(calls, ['tokens.peekCode', 'tokens.redeemCode']);
  calls.length = 0;
  const form = { grant_type: 'refresh_token', refresh_token: String(json.refresh_token) };
  assert.equal((await server.call('token', { form, authorization: client.basic })).status, 200);
  assert.deepEqual(calls, ['tokens.peekRefresh', 'users.load', 'tokens.rotateRefresh']);
  await server.close();
});
