import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FlattenedSign, flattenedVerify } from 'jose';
import { testKey } from '../../../../test/support/jose-keys.ts';
import { unwrap } from '../result.ts';
import { verifyJws } from './jws.ts';
import { parseFlattened } from './jws-flattened.ts';

const { privateKey, key } = testKey('P-256');
const header = Buffer.from('{"alg":"ES256","nonce":"abc","url":"https://ca.example/new-order"}').toString('base64url');
const good = { protected: header, payload: 'e30', signature: 'AAAA' };

function faultOf(body: unknown): string | undefined {
  const parsed = parseFlattened(body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body)));
  return parsed.ok ? undefined : parsed.error.code;
}

describe('parseFlattened', () => {
  it('reads what the jose package writes, and the signature verifies', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), fc.webUrl(), async (payload, url) => {
        const signed = await new FlattenedSign(payload)
          .setProtectedHeader({ alg: 'ES256', nonce: 'n', url })
          .sign(privateKey);
        const jws = unwrap(parseFlattened(Buffer.from(JSON.stringify(signed))));
        assert.deepEqual(Uint8Array.from(jws.payload), payload);
        assert.deepEqual(jws.header, { alg: 'ES256', nonce: 'n', url });
        assert.equal(verifyJws(jws, ['ES256'], [key]).ok, true);
        await flattenedVerify(signed, key.keyObject);
      }),
      { numRuns: 10 },
    );
  });

  it('accepts the empty payload of POST-as-GET and any order of members', () => {
    const jws = unwrap(parseFlattened(Buffer.from(`{"signature":"AAAA","payload":"","protected":"${header}"}`)));
    assert.equal(jws.payload.byteLength, 0);
    assert.equal(Buffer.from(jws.signingInput).toString(), `${header}.`);
  });

  const refused: Readonly<Record<string, unknown>> = {
    'a body that is not JSON': Buffer.from('protected=x'),
    'an array': [good],
    'no members': {},
    'a missing payload (detached)': { protected: header, signature: 'AAAA' },
    'a missing signature': { protected: header, payload: 'e30' },
    'a missing protected header': { payload: 'e30', signature: 'AAAA' },
    'an unprotected header': { ...good, header: { alg: 'none' } },
    'a general serialisation': { payload: 'e30', signatures: [{ protected: header, signature: 'AAAA' }] },
    'a flattened and a general serialisation in one': { ...good, signatures: [] },
    'an unknown member': { ...good, x: 1 },
    'a member __proto__': Buffer.from(`${JSON.stringify(good).slice(0, -1)},"__proto__":{}}`),
    'members that are inherited': Buffer.from('{"__proto__":{"protected":"","payload":"","signature":""}}'),
    'a payload that is an object': { ...good, payload: {} },
    'a signature that is null': { ...good, signature: null },
    'a protected header that is an object': { ...good, protected: { alg: 'ES256' } },
    'an empty protected header': { ...good, protected: '' },
    'an empty signature': { ...good, signature: '' },
    'a padded payload': { ...good, payload: 'YQ==' },
    'a padded signature': { ...good, signature: 'AA==' },
    'a payload with set spare bits': { ...good, payload: 'YR' },
    'a payload in the standard alphabet': { ...good, payload: '+/+/' },
    'the payload twice': Buffer.from(`${JSON.stringify(good).slice(0, -1)},"payload":"e30"}`),
    'the protected header twice, once with escapes': Buffer.from(
      `${JSON.stringify(good).slice(0, -1)},"\\u0070rotected":"e30"}`,
    ),
    'text after the JSON': Buffer.from(`${JSON.stringify(good)}x`),
    'a body over the limit': { ...good, payload: 'A'.repeat(131_072) },
    'a body that is not UTF-8': Buffer.from([0x7b, 0xff, 0x7d]),
    'a compact serialisation': Buffer.from(`${header}.e30.AAAA`),
  };
  for (const [what, body] of Object.entries(refused)) {
    it(`refuses ${what}`, () => assert.equal(faultOf(body), 'malformed'));
  }

  it('refuses crit and b64', () => {
    const critical = Buffer.from('{"alg":"ES256","b64":false,"crit":["b64"]}').toString('base64url');
    assert.equal(faultOf({ ...good, protected: critical }), 'unsupported_header');
  });

  it('never throws for arbitrary bytes and members', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void parseFlattened(bytes)));
    const member = fc.oneof(fc.jsonValue(), fc.constantFrom(header, 'e30', ''));
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('protected', 'payload', 'signature', 'header'), member),
        (body) => void faultOf(body),
      ),
      { numRuns: 1000 },
    );
  });
});
