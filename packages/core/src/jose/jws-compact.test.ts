import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { JsonObject } from '../codec/json.ts';
import { unwrap } from '../result.ts';
import { parsePublicJwk } from './jwk.ts';
import { verifyJws } from './jws.ts';
import { parseCompact } from './jws-compact.ts';

interface Example {
  readonly jwk: JsonObject;
  readonly algorithm: string;
  readonly token: readonly [string, string, string];
  readonly payload: string;
}

const claims = '{"iss":"joe",\r\n "exp":1300819380,\r\n "http://example.com/is_root":true}';
const encodedClaims = 'eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ';

const examples: Readonly<Record<string, Example>> = {
  'RFC 7515 appendix A.2': {
    algorithm: 'RS256',
    jwk: {
      kty: 'RSA',
      n:
        'ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_' +
        'YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uD' +
        'Zlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ',
      e: 'AQAB',
    },
    token: [
      'eyJhbGciOiJSUzI1NiJ9',
      encodedClaims,
      'cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQ' +
        'jbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqt' +
        'FZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw',
    ],
    payload: claims,
  },
  'RFC 7515 appendix A.3': {
    algorithm: 'ES256',
    jwk: {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    },
    token: [
      'eyJhbGciOiJFUzI1NiJ9',
      encodedClaims,
      'DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q',
    ],
    payload: claims,
  },
  'RFC 7515 appendix A.4': {
    algorithm: 'ES512',
    jwk: {
      kty: 'EC',
      crv: 'P-521',
      x: 'AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk',
      y: 'ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2',
    },
    token: [
      'eyJhbGciOiJFUzUxMiJ9',
      'UGF5bG9hZA',
      'AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpR' +
        'wcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn',
    ],
    payload: 'Payload',
  },
  'RFC 8037 appendix A.4': {
    algorithm: 'EdDSA',
    jwk: { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
    token: [
      'eyJhbGciOiJFZERTQSJ9',
      'RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc',
      'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg',
    ],
    payload: 'Example of Ed25519 signing',
  },
};

function faultOf(token: string, limits = {}): string | undefined {
  const parsed = parseCompact(token, limits);
  return parsed.ok ? undefined : parsed.error.code;
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}

describe('parseCompact', () => {
  for (const [source, { algorithm, jwk, token, payload }] of Object.entries(examples)) {
    it(`reads and verifies ${source} (${algorithm})`, () => {
      const key = unwrap(parsePublicJwk(jwk));
      const jws = unwrap(parseCompact(token.join('.')));
      assert.equal(Buffer.from(jws.payload).toString(), payload);
      assert.deepEqual(jws.header, { alg: algorithm });
      assert.equal(verifyJws(jws, [algorithm], [key]).ok, true);
    });
  }

  const good = 'eyJhbGciOiJFUzI1NiJ9.e30.AAAA';
  const header = (text: string): string => `${encode(text)}.e30.AAAA`;
  const [headerSegment] = good.split('.') as [string];
  const malformed: Readonly<Record<string, string>> = {
    'an empty text': '',
    'two segments': 'eyJhbGciOiJFUzI1NiJ9.e30',
    'four segments': `${good}.AAAA`,
    'the five segments of a JWE': 'eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.AAAA.AAAA.AAAA.AAAA',
    'an empty header': '.e30.AAAA',
    'an empty signature': 'eyJhbGciOiJFUzI1NiJ9.e30.',
    'a flattened JSON serialisation': JSON.stringify({ protected: headerSegment, payload: 'e30', signature: 'AAAA' }),
    'a blank in front': ` ${good}`,
    'a line break at the end': `${good}\n`,
    'padding in the header': 'eyJhbGciOiJFUzI1NiJ9=.e30.AAAA',
    'padding in the signature': 'eyJhbGciOiJFUzI1NiJ9.e30.AA==',
    'set spare bits in the payload': 'eyJhbGciOiJFUzI1NiJ9.e31.AAAA',
    'set spare bits in the signature': 'eyJhbGciOiJFUzI1NiJ9.e30.AB',
    'the standard base64 alphabet': 'eyJhbGciOiJFUzI1NiJ9.e30.+/+/',
    'a character beyond ASCII that ends in an ASCII byte': 'eyJhbGciOiJFUzI1NiJ9.e30.AAAŁ',
    'a header that is not JSON': header('alg=ES256'),
    'a header that is an array': header('["ES256"]'),
    'a header without alg': header('{"typ":"JWT"}'),
    'an alg that is an array': header('{"alg":["ES256"]}'),
    'an alg that is null': header('{"alg":null}'),
    'a kid that is a number': header('{"alg":"ES256","kid":7}'),
    'a typ that is an object': header('{"alg":"ES256","typ":{}}'),
    'alg twice': header('{"alg":"none","alg":"ES256"}'),
    'alg twice, once with escapes': header('{"alg":"ES256","\\u0061lg":"none"}'),
    'a header with text after it': header('{"alg":"ES256"} {}'),
    'a header nested too deep': header(`{"alg":"ES256","x":${'['.repeat(9)}${']'.repeat(9)}}`),
    'a header with a byte order mark': header('\ufeff{"alg":"ES256"}'),
    'a header in UTF-16': `${Buffer.from('{"alg":"ES256"}', 'utf16le').toString('base64url')}.e30.AAAA`,
    'a header that is not UTF-8': `${Buffer.from([0x22, 0xff, 0x22]).toString('base64url')}.e30.AAAA`,
    'a kid of one megabyte': header(JSON.stringify({ alg: 'ES256', kid: 'x'.repeat(1_000_000) })),
  };
  for (const [what, token] of Object.entries(malformed)) {
    it(`refuses ${what}`, () => assert.equal(faultOf(token), 'malformed'));
  }

  for (const member of [
    '"crit":["exp"]',
    '"crit":[]',
    '"b64":false,"crit":["b64"]',
    '"b64":true',
    '"zip":"DEF"',
    '"enc":"A128GCM"',
  ]) {
    it(`refuses a header with ${member}`, () => {
      assert.equal(faultOf(header(`{"alg":"ES256",${member}}`)), 'unsupported_header');
    });
  }

  it('bounds the length of a token', () => {
    assert.equal(faultOf(good), undefined);
    assert.equal(faultOf(good, { maximumLength: good.length }), undefined);
    assert.equal(faultOf(good, { maximumLength: good.length - 1 }), 'malformed');
    assert.equal(faultOf(`eyJhbGciOiJFUzI1NiJ9.${'A'.repeat(16_384)}.AAAA`), 'malformed');
  });

  it('never throws, and what it accepts is written in exactly one way', () => {
    const segment = fc.oneof(
      fc.base64String(),
      fc.constantFrom('eyJhbGciOiJFUzI1NiJ9', 'e30', ''),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 5 }), (segments) => {
        const token = segments.join('.');
        const parsed = parseCompact(token);
        if (!parsed.ok) return;
        const { signingInput, payload, signature } = parsed.value;
        const [header, encodedPayload] = Buffer.from(signingInput).toString().split('.');
        assert.equal(Buffer.from(payload).toString('base64url'), encodedPayload);
        assert.equal(`${header}.${encodedPayload}.${Buffer.from(signature).toString('base64url')}`, token);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('verifyJws', () => {
  it('names what is wrong: algorithm unknown, not accepted, no key, bad signature', () => {
    const { jwk, token } = examples['RFC 7515 appendix A.3'] as Example;
    const key = unwrap(parsePublicJwk({ ...jwk, kid: 'a' }));
    const jws = unwrap(parseCompact(token.join('.')));
    const fault = (...args: Parameters<typeof verifyJws>): string | undefined => {
      const verified = verifyJws(...args);
      return verified.ok ? undefined : verified.error.code;
    };
    assert.equal(fault({ ...jws, header: { alg: 'HS256' } }, ['HS256'], [key]), 'unsupported_algorithm');
    assert.equal(fault(jws, ['RS256'], [key]), 'algorithm_not_allowed');
    assert.equal(fault(jws, [], [key]), 'algorithm_not_allowed');
    assert.equal(fault(jws, ['ES256'], []), 'key_not_found');
    assert.equal(fault({ ...jws, header: { alg: 'ES256', kid: 'b' } }, ['ES256'], [key]), 'key_not_found');
    assert.equal(fault({ ...jws, header: { alg: 'ES256', kid: 'a' } }, ['ES256'], [key]), undefined);
    assert.equal(
      fault({ ...jws, payload: jws.payload, signature: new Uint8Array(64) }, ['ES256'], [key]),
      'signature_invalid',
    );
  });

  it('tries every fitting key when the header names none', () => {
    const { jwk, token } = examples['RFC 7515 appendix A.3'] as Example;
    const other = { ...(examples['RFC 7515 appendix A.2'] as Example).jwk };
    const keys = [other, { ...jwk, use: 'enc' }, { ...jwk, kid: 'b' }].map((value) => unwrap(parsePublicJwk(value)));
    assert.equal(verifyJws(unwrap(parseCompact(token.join('.'))), ['ES256', 'RS256'], keys).ok, true);
  });
});
