import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import { testKey } from '../../../../test/support/jose-keys.ts';
import type { JsonObject } from '../codec/json.ts';
import { signNow } from '../crypto.ts';
import { unwrap } from '../result.ts';
import { findJwsAlgorithm } from './algorithms.ts';
import { type PublicKey, parsePublicJwk } from './jwk.ts';
import { type JwtRules, parseJwt, signJwt, verifyJwt } from './jwt.ts';
import { createLocalSigner } from './local-signer.ts';

const now = Date.UTC(2026, 0, 1);
const seconds = now / 1000;
const ec = testKey('P-256');
const rsa = testKey('RSA');
const attacker = testKey('P-521');
const signer = createLocalSigner('k1', 'ES256', ec.privateKey);
const claims = {
  iss: 'https://as.example',
  sub: 'usr_1',
  aud: 'https://api.example',
  iat: seconds,
  exp: seconds + 300,
};
const rules: JwtRules = {
  typ: 'at+jwt',
  algorithms: ['ES256', 'RS256'],
  keyFor: () => ec.key,
  issuer: claims.iss,
  audience: claims.aud,
  now,
};

function sign(content: JsonObject | string = claims, typ = 'at+jwt'): string {
  return signJwt({ typ }, content, signer) as string;
}

/** A token with any header and payload, signed with the given key and algorithm. */
function forge(
  header: JsonObject | string,
  payload: JsonObject | string | Uint8Array = claims,
  algorithm = 'ES256',
  key = ec.privateKey,
): string {
  const row = findJwsAlgorithm(algorithm);
  assert.ok(row);
  const segment = (part: JsonObject | string | Uint8Array): string =>
    Buffer.from(typeof part === 'string' || part instanceof Uint8Array ? part : JSON.stringify(part)).toString(
      'base64url',
    );
  const signingInput = `${segment(header)}.${segment(payload)}`;
  return `${signingInput}.${Buffer.from(signNow(row, key, Buffer.from(signingInput))).toString('base64url')}`;
}

function faultOf(token: string, changed: Partial<JwtRules> = {}): string | undefined {
  const verified = verifyJwt(token, { ...rules, ...changed });
  return verified.ok ? undefined : verified.error.code;
}

function marked(members: JsonObject): PublicKey {
  return unwrap(parsePublicJwk({ ...ec.jwk, ...members }));
}

describe('signJwt', () => {
  it('writes tokens that the jose package verifies, with alg, typ and kid', async () => {
    const content = fc.record({ sub: fc.string({ unit: 'grapheme' }), n: fc.integer(), list: fc.array(fc.string()) });
    await fc.assert(
      fc.asyncProperty(content, async (extra) => {
        const expected = { ...claims, ...extra };
        for (const token of [sign(expected), sign(JSON.stringify(expected))]) {
          assert.deepEqual(decodeProtectedHeader(token), { alg: 'ES256', typ: 'at+jwt', kid: 'k1' });
          const verified = await jwtVerify(token, ec.key.keyObject, { typ: 'at+jwt', currentDate: new Date(now) });
          assert.deepEqual(verified.payload, expected);
        }
      }),
      { numRuns: 10 },
    );
  });

  it('answers with a promise where the key does', async () => {
    const slow = signJwt({ typ: 'at+jwt' }, claims, createLocalSigner('r1', 'RS256', rsa.privateKey));
    assert.ok(slow instanceof Promise);
    assert.equal(faultOf(await slow, { keyFor: () => rsa.key }), undefined);
  });
});

describe('verifyJwt', () => {
  it('returns header and claims of what signJwt wrote', () => {
    const verified = unwrap(verifyJwt(sign(), rules));
    assert.deepEqual(verified, { header: { alg: 'ES256', typ: 'at+jwt', kid: 'k1' }, claims });
  });

  it('verifies what the jose package signs, from the text or once parsed', async () => {
    const token = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'at+jwt' }).sign(rsa.privateKey);
    const parsed = unwrap(parseJwt(token));
    assert.deepEqual(parsed.claims, claims);
    for (const input of [token, parsed]) {
      assert.equal(verifyJwt(input, { ...rules, keyFor: () => [ec.key, rsa.key] }).ok, true);
    }
  });

  it('gives header and claims to whoever finds the key', () => {
    const seen: unknown[] = [];
    const keyFor: JwtRules['keyFor'] = (header, content) => {
      seen.push(header.kid, content.iss);
      return undefined;
    };
    assert.equal(faultOf(sign(), { keyFor }), 'key_not_found');
    assert.deepEqual(seen, ['k1', claims.iss]);
  });

  it('never throws for arbitrary text, headers and claims', () => {
    const member = fc.oneof(fc.jsonValue(), fc.constantFrom('ES256', 'JWT', 'at+jwt', seconds));
    const object = fc.dictionary(
      fc.constantFrom('alg', 'typ', 'kid', 'cty', 'iss', 'aud', 'exp', 'nbf', 'iat', 'jti'),
      member,
    );
    const rest = { ...rules, keyFor: () => [ec.key, rsa.key] };
    fc.assert(
      fc.property(object, object, (header, payload) => {
        const token = forge({ alg: 'ES256', ...(header as JsonObject) }, payload as JsonObject);
        verifyJwt(token, rest);
      }),
      { numRuns: 400 },
    );
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => assert.equal(verifyJwt(text, rest).ok, false)));
  });
});

describe('attacks on the algorithm', () => {
  const unsigned = (alg: string): string => {
    const [, payload] = sign().split('.');
    return `${Buffer.from(JSON.stringify({ alg, typ: 'at+jwt' })).toString('base64url')}.${payload}.`;
  };

  for (const alg of ['none', 'None', 'NONE', 'nOnE', 'noNE']) {
    it(`"alg": "${alg}" without a signature is refused`, () => assert.equal(faultOf(unsigned(alg)), 'malformed'));
    it(`"alg": "${alg}" with some signature is refused, even when a caller lists it`, () => {
      assert.equal(faultOf(`${unsigned(alg)}AAAA`, { algorithms: [alg] }), 'unsupported_algorithm');
    });
  }

  it('a signature stripped from a good token is refused', () => {
    assert.equal(faultOf(sign().replace(/[^.]+$/, '')), 'malformed');
  });

  it('the public key as an HS256 secret is refused, in every spelling of the key', () => {
    const secrets = [
      rsa.key.keyObject.export({ format: 'pem', type: 'spki' }),
      rsa.key.keyObject.export({ format: 'der', type: 'spki' }),
      JSON.stringify(rsa.jwk),
    ];
    for (const secret of secrets) {
      const [, payload] = sign().split('.');
      const signingInput = `${Buffer.from('{"alg":"HS256","typ":"at+jwt"}').toString('base64url')}.${payload}`;
      const token = `${signingInput}.${createHmac('sha256', secret).update(signingInput).digest('base64url')}`;
      assert.equal(faultOf(token, { keyFor: () => rsa.key, algorithms: ['RS256', 'HS256'] }), 'unsupported_algorithm');
    }
  });

  it('an algorithm that is not on the list is refused though key and signature are good', () => {
    assert.equal(faultOf(sign(), { algorithms: ['RS256'] }), 'algorithm_not_allowed');
    assert.equal(faultOf(sign(), { algorithms: [] }), 'algorithm_not_allowed');
    assert.equal(faultOf(sign(), { algorithms: ['es256'] }), 'algorithm_not_allowed');
  });

  it('a PS256 token is refused for a key marked RS256, and for a list with RS256 alone', () => {
    const token = forge({ alg: 'PS256', typ: 'at+jwt' }, claims, 'PS256', rsa.privateKey);
    const key = unwrap(parsePublicJwk({ ...rsa.jwk, alg: 'RS256' }));
    assert.equal(faultOf(token, { algorithms: ['PS256', 'RS256'], keyFor: () => rsa.key }), undefined);
    assert.equal(faultOf(token, { algorithms: ['PS256', 'RS256'], keyFor: () => key }), 'key_not_found');
    assert.equal(faultOf(token, { algorithms: ['RS256'], keyFor: () => rsa.key }), 'algorithm_not_allowed');
  });

  it('an RS256 signature under a header that says PS256 is refused', () => {
    const token = forge({ alg: 'PS256', typ: 'at+jwt' }, claims, 'RS256', rsa.privateKey);
    assert.equal(faultOf(token, { algorithms: ['PS256'], keyFor: () => rsa.key }), 'signature_invalid');
  });

  it('the algorithm of another key type is refused', () => {
    const token = forge({ alg: 'RS256', typ: 'at+jwt' }, claims, 'RS256', rsa.privateKey);
    assert.equal(faultOf(token, { keyFor: () => ec.key }), 'key_not_found');
  });

  it('keys for encryption, and keys whose operations leave verify out, are refused', () => {
    assert.equal(faultOf(sign(), { keyFor: () => marked({ use: 'enc' }) }), 'key_not_found');
    assert.equal(faultOf(sign(), { keyFor: () => marked({ key_ops: ['deriveKey'] }) }), 'key_not_found');
  });
});

describe('attacks on the signature', () => {
  const resigned = (bytes: Uint8Array): string => {
    const [header, payload] = sign().split('.');
    return `${header}.${payload}.${Buffer.from(bytes).toString('base64url')}`;
  };
  const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');

  for (const [what, bytes] of Object.entries({
    'r and s of zero ("psychic signature")': new Uint8Array(64),
    'r of zero': Buffer.concat([Buffer.alloc(32), Buffer.alloc(32, 1)]),
    's of zero': Buffer.concat([Buffer.alloc(32, 1), Buffer.alloc(32)]),
    'r and s of the group order': Buffer.concat([order, order]),
    'r and s beyond the group order': Buffer.alloc(64, 0xff),
    'one byte': Uint8Array.of(1),
    '63 bytes': Buffer.alloc(63, 1),
    '65 bytes': Buffer.alloc(65, 1),
  })) {
    it(`${what} is refused`, () => assert.equal(faultOf(resigned(bytes)), 'signature_invalid'));
  }

  it('a good signature in DER is refused', () => {
    const raw = Buffer.from(sign().split('.')[2] as string, 'base64url');
    const integer = (bytes: Buffer): Buffer => {
      const value = (bytes[0] as number) < 0x80 ? bytes : Buffer.concat([Buffer.alloc(1), bytes]);
      return Buffer.concat([Buffer.of(2, value.length), value]);
    };
    const body = Buffer.concat([integer(raw.subarray(0, 32)), integer(raw.subarray(32))]);
    assert.equal(faultOf(resigned(Buffer.concat([Buffer.of(0x30, body.length), body]))), 'signature_invalid');
  });

  it('a header, payload or signature of another token is refused', () => {
    const [header, payload, signature] = sign().split('.');
    const [, otherPayload, otherSignature] = sign({ ...claims, sub: 'usr_2' }).split('.');
    const [otherHeader] = sign(claims, 'AT+JWT').split('.');
    assert.equal(faultOf(`${header}.${otherPayload}.${signature}`), 'signature_invalid');
    assert.equal(faultOf(`${header}.${payload}.${otherSignature}`), 'signature_invalid');
    assert.equal(faultOf(`${otherHeader}.${payload}.${signature}`), 'signature_invalid');
  });

  it('the signature of another key is refused, also when its header names the right kid', () => {
    const other = forge({ alg: 'ES512', typ: 'at+jwt', kid: 'k1' }, claims, 'ES512', attacker.privateKey);
    assert.equal(faultOf(other, { algorithms: ['ES256', 'ES512'] }), 'key_not_found');
    const rival = forge({ alg: 'RS256', typ: 'at+jwt', kid: 'k1' }, claims, 'RS256', rsa.privateKey);
    assert.equal(faultOf(rival, { keyFor: () => marked({ kid: 'k1' }) }), 'key_not_found');
  });
});

describe('attacks through the header', () => {
  const withHeader = (members: JsonObject): string =>
    forge({ alg: 'ES512', typ: 'at+jwt', ...members }, claims, 'ES512', attacker.privateKey);
  const both = { algorithms: ['ES256', 'ES512'] };

  it('a key that the token brings along (jwk, x5c) is ignored', () => {
    assert.equal(faultOf(withHeader({ jwk: attacker.jwk }), both), 'key_not_found');
    assert.equal(faultOf(withHeader({ x5c: ['MIIB'] }), both), 'key_not_found');
  });

  it('addresses of keys (jku, x5u) are ignored', () => {
    assert.equal(
      faultOf(withHeader({ jku: 'https://evil.example/jwks', x5u: 'https://evil.example/x' }), both),
      'key_not_found',
    );
    const own = forge({ alg: 'ES256', typ: 'at+jwt', jku: 'https://evil.example/jwks', jwk: attacker.jwk });
    assert.equal(faultOf(own), undefined, 'they do not spoil a token of the right key either');
  });

  for (const kid of ['../../../../dev/null', "k1' OR '1'='1", '$(id)', '\u0000', '__proto__', 'constructor', 'k1\n']) {
    it(`kid ${JSON.stringify(kid)} finds nothing but a key of that name`, () => {
      const token = forge({ alg: 'ES256', typ: 'at+jwt', kid });
      assert.equal(faultOf(token, { keyFor: () => [marked({ kid: 'k1' })] }), 'key_not_found');
    });
  }

  for (const members of [
    { crit: ['exp'] },
    { crit: [] },
    { crit: ['b64'], b64: false },
    { b64: false },
    { zip: 'DEF' },
  ]) {
    it(`${JSON.stringify(members)} is refused`, () => {
      assert.equal(faultOf(forge({ alg: 'ES256', typ: 'at+jwt', ...members })), 'unsupported_header');
    });
  }

  for (const cty of ['JWT', 'jwt', 'application/jwt']) {
    it(`a nested token ("cty": "${cty}") is refused`, () => {
      assert.equal(faultOf(forge({ alg: 'ES256', typ: 'at+jwt', cty }, sign())), 'unsupported_header');
    });
  }

  it('a member twice is refused though the signature is good', () => {
    assert.equal(faultOf(forge('{"alg":"none","alg":"ES256","typ":"at+jwt"}')), 'malformed');
    assert.equal(faultOf(forge('{"alg":"ES256","typ":"x","\\u0074yp":"at+jwt"}')), 'malformed');
  });
});

describe('attacks on the serialisation', () => {
  const token = sign();
  const [header, payload, signature] = token.split('.') as [string, string, string];
  for (const [what, text] of Object.entries({
    'padding after the signature': `${token}==`,
    'a blank in front': ` ${token}`,
    'a line break inside': `${header}.\n${payload}.${signature}`,
    'a trailing dot': `${token}.`,
    'an unsigned fourth segment': `${token}.${payload}`,
    'the flattened JSON form': JSON.stringify({ protected: header, payload, signature }),
    'the general JSON form': JSON.stringify({ payload, signatures: [{ protected: header, signature }] }),
    'braces around it': `{${token}}`,
    'a longer token than any': `${header}.${'A'.repeat(20_000)}.${signature}`,
  })) {
    it(`${what} is refused`, () => assert.equal(faultOf(text), 'malformed'));
  }

  it('another spelling of the same signature is refused', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet.indexOf(token.at(-1) as string);
    for (let spare = 1; spare < 16; spare++) {
      assert.equal(faultOf(token.slice(0, -1) + alphabet[last ^ spare]), 'malformed');
    }
  });

  const at = '{"alg":"ES256","typ":"at+jwt"}';
  for (const [what, bytes] of Object.entries({
    'claims in UTF-16': Buffer.from(JSON.stringify(claims), 'utf16le'),
    'claims with a byte order mark': Buffer.from(`\ufeff${JSON.stringify(claims)}`),
    'claims that are not UTF-8': Buffer.concat([Buffer.from('{"sub":"'), Buffer.of(0xff), Buffer.from('"}')]),
    'a claim twice': `{"sub":"usr_2",${JSON.stringify(claims).slice(1)}`,
    'claims that are an array': '[]',
    'claims that are a string': '"at"',
    'text after the claims': `${JSON.stringify(claims)}{}`,
    'no claims at all': '',
    'claims nested too deep': `{"a":${'['.repeat(40)}${']'.repeat(40)}}`,
    'an expiry that overflows': JSON.stringify(claims).replace(/"exp":\d+/, '"exp":1e999'),
  })) {
    it(`${what} is refused though the signature is good`, () => assert.equal(faultOf(forge(at, bytes)), 'malformed'));
  }
});

describe('confusion of one kind of token with another', () => {
  const kinds = ['at+jwt', 'JWT', 'dpop+jwt', 'logout+jwt', 'oauth-authz-req+jwt', 'client-authentication+jwt'];
  for (const accepted of kinds) {
    it(`where ${accepted} is accepted, no other kind is, and none without a type`, () => {
      for (const typ of kinds) {
        assert.equal(faultOf(sign(claims, typ), { typ: accepted }), typ === accepted ? undefined : 'wrong_type', typ);
      }
      assert.equal(faultOf(forge({ alg: 'ES256' }), { typ: accepted }), 'wrong_type');
    });
  }

  it('types are media types: case does not count, nor does application/ in front', () => {
    for (const typ of ['at+jwt', 'AT+JWT', 'application/at+jwt', 'Application/At+Jwt']) {
      assert.equal(faultOf(sign(claims, typ)), undefined, typ);
      assert.equal(faultOf(sign(), { typ }), undefined, typ);
    }
    for (const typ of ['text/at+jwt', 'application/application/at+jwt', 'at+jwt ', 'application/', '', 'xat+jwt']) {
      assert.equal(faultOf(sign(claims, typ)), 'wrong_type', typ);
    }
    assert.equal(faultOf(sign(claims, 'application/x/y'), { typ: 'x/y' }), 'wrong_type');
  });

  it('a missing type is accepted only where a caller says so', () => {
    const typ = ['client-authentication+jwt', 'JWT', undefined];
    assert.equal(faultOf(forge({ alg: 'ES256' }), { typ }), undefined);
    assert.equal(faultOf(sign(claims, 'JWT'), { typ }), undefined);
    assert.equal(faultOf(sign(claims, 'at+jwt'), { typ }), 'wrong_type');
    assert.equal(faultOf(forge({ alg: 'ES256', typ: '' }), { typ }), 'wrong_type');
  });
});

describe('issuer and audience', () => {
  it('another issuer, a missing one, and a near miss are refused though the key is right', () => {
    for (const iss of ['https://evil.example', 'https://as.example/', 'HTTPS://as.example', 'https://as.exampl', '']) {
      assert.equal(faultOf(sign({ ...claims, iss })), 'wrong_issuer', iss);
    }
    const { iss: _, ...rest } = claims;
    assert.equal(faultOf(sign(rest)), 'wrong_issuer');
  });

  it('keys belong to their issuer: a token of A under the key of B is refused', () => {
    const keys: Record<string, PublicKey> = { 'https://as.example': ec.key, 'https://b.example': attacker.key };
    const forged = forge({ alg: 'ES512', typ: 'at+jwt', kid: 'k1' }, claims, 'ES512', attacker.privateKey);
    const keyFor: JwtRules['keyFor'] = (_, content) => keys[content.iss ?? ''];
    assert.equal(faultOf(forged, { keyFor, algorithms: ['ES256', 'ES512'] }), 'key_not_found');
  });

  it('the audience is one of the named parties, compared whole', () => {
    assert.equal(faultOf(sign({ ...claims, aud: ['https://x.example', 'https://api.example'] })), undefined);
    assert.equal(faultOf(sign(), { audience: ['https://y.example', 'https://api.example'] }), undefined);
    for (const aud of [
      'https://api.example/v1',
      'https://api',
      '',
      [],
      ['https://x.example'],
      'https://api.example https://x.example',
    ]) {
      assert.equal(faultOf(sign({ ...claims, aud })), 'wrong_audience', JSON.stringify(aud));
    }
    const { aud: _, ...rest } = claims;
    assert.equal(faultOf(sign(rest)), 'wrong_audience');
    assert.equal(faultOf(sign(), { audience: [] }), 'wrong_audience');
  });

  it('the audience may be left open, explicitly', () => {
    assert.equal(faultOf(sign({ ...claims, aud: 'anybody' }), { audience: undefined }), undefined);
  });
});

describe('times', () => {
  it('a token is good up to, and not at, its expiry; skew moves that', () => {
    const token = sign();
    assert.equal(faultOf(token, { now: now + 299_999 }), undefined);
    assert.equal(faultOf(token, { now: now + 300_000 }), 'expired');
    assert.equal(faultOf(token, { now: now + 309_999, clockSkew: 10_000 }), undefined);
    assert.equal(faultOf(token, { now: now + 310_000, clockSkew: 10_000 }), 'expired');
    assert.equal(faultOf(sign({ ...claims, exp: seconds + 0.5 }), { now: now + 499 }), undefined);
    assert.equal(faultOf(sign({ ...claims, exp: seconds + 0.5 }), { now: now + 500 }), 'expired');
    assert.equal(faultOf(sign({ ...claims, exp: -1 })), 'expired');
  });

  it('a token without expiry is refused, unless expiry is ignored', () => {
    const { exp: _, ...rest } = claims;
    assert.equal(faultOf(sign(rest)), 'bad_claim');
    assert.equal(faultOf(sign(rest), { expiry: 'ignored' }), undefined);
    assert.equal(faultOf(sign(), { now: now + 10_000_000, expiry: 'ignored' }), undefined);
  });

  for (const name of ['nbf', 'iat']) {
    it(`a token whose ${name} lies in the future is not valid yet, but for the skew`, () => {
      const token = sign({ ...claims, [name]: seconds + 10 });
      assert.equal(faultOf(token), 'not_yet_valid');
      assert.equal(faultOf(token, { now: now + 9_999 }), 'not_yet_valid');
      assert.equal(faultOf(token, { now: now + 10_000 }), undefined);
      assert.equal(faultOf(token, { clockSkew: 10_000 }), undefined);
    });
  }
});

describe('types and presence of claims', () => {
  for (const [name, value] of Object.entries({
    iss: ['https://as.example'],
    sub: 1,
    jti: {},
    aud: { 0: 'https://api.example' },
    exp: '4000000000',
    nbf: null,
    iat: true,
  })) {
    it(`${name} of type ${JSON.stringify(value)} is refused`, () => {
      assert.equal(faultOf(sign({ ...claims, [name]: value } as JsonObject)), 'bad_claim');
    });
  }

  it('an audience with a member that is no string is refused', () => {
    assert.equal(faultOf(sign({ ...claims, aud: ['https://api.example', 1] })), 'bad_claim');
  });

  it('claims that a caller requires must be there, and names that objects inherit are not', () => {
    assert.equal(faultOf(sign({ ...claims, jti: 'a' }), { required: ['sub', 'jti'] }), undefined);
    assert.equal(faultOf(sign(), { required: ['sub', 'jti'] }), 'bad_claim');
    assert.equal(faultOf(sign(), { required: ['toString'] }), 'bad_claim');
  });
});
