import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCodeChallenge, isCodeVerifier, verifierMatches } from './S256.ts';

const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

test('the example of RFC 7636 appendix B matches', () => {
  assert.ok(isCodeVerifier(verifier) && isCodeChallenge(challenge));
  assert.equal(verifierMatches(verifier, challenge), true);
});

test('another verifier, the challenge itself, and a challenge made with plain do not match', () => {
  assert.equal(verifierMatches(`${verifier}A`, challenge), false);
  assert.equal(verifierMatches(challenge, challenge), false);
  assert.equal(verifierMatches(verifier, verifier), false);
});

test('verifiers have 43 to 128 unreserved characters, challenges 43 of base64url', () => {
  for (const text of ['a'.repeat(43), 'a'.repeat(128), '-._~'.repeat(11)])
    assert.equal(isCodeVerifier(text), true, text);
  for (const text of ['', 'a'.repeat(42), 'a'.repeat(129), `${'a'.repeat(43)}+`, `${'a'.repeat(43)}\n`]) {
    assert.equal(isCodeVerifier(text), false, text);
  }
  for (const text of [`${challenge}=`, challenge.slice(1), `${challenge}A`, challenge.replace('-', '+')]) {
    assert.equal(isCodeChallenge(text), false, text);
  }
});
