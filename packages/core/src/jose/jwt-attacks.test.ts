import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import { attacker, claims, ec, faultOf, forge, marked, rsa, sign } from '../../../../test/support/jwt-fixture.ts';
import type { JsonObject } from '../codec/json.ts';
import { unwrap } from '../result.ts';
import { parsePublicJwk } from './jwk.ts';

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
