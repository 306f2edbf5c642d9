import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type OAuthErrorCode, oauthError, oauthErrors } from './errors.ts';
import { refuseOAuth, renderBearerError, renderOAuthError } from './render-error.ts';

const allowed = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

test('every error has a status of the 4xx or 5xx, a specification, and a sentence in the characters that RFC 6749 allows', () => {
  for (const [code, row] of Object.entries(oauthErrors)) {
    assert.match(code, /^[a-z_]+$/);
    assert.ok(row.status >= 400 && row.status < 600, code);
    assert.match(row.spec, /§/, code);
    assert.match(row.text, /^[A-Z].+\.$/, code);
    assert.match(row.text, allowed, code);
  }
});

test('a description of any text is cut to what an error_description and a quoted header value may hold', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
      const { description } = oauthError('invalid_request', text);
      assert.match(description, allowed);
      assert.ok(description.length <= 300);
    }),
  );
});

test('an error is never cached, and a 401 always says how to authenticate', () => {
  for (const code of Object.keys(oauthErrors) as OAuthErrorCode[]) {
    for (const [render, scheme] of [
      [renderOAuthError, /^Basic realm="tegata", charset="UTF-8"$/],
      [renderBearerError, new RegExp(`^Bearer realm="tegata", error="${code}", error_description="[^"]+"$`)],
    ] as const) {
      const { status, headers } = render(oauthError(code));
      assert.ok(headers.includes('no-store'), code);
      const challenge = headers[headers.indexOf('WWW-Authenticate') + 1];
      if (status === 401) assert.match(challenge ?? '', scheme);
    }
  }
});

test('what the edge refuses is answered with an OAuth error and the right status', () => {
  const request = {} as Parameters<typeof refuseOAuth>[1];
  const table = [
    [{ kind: 'method_not_allowed', allowed: ['POST'] }, 405, 'invalid_request'],
    [{ kind: 'unsupported_media_type', expected: 'application/json' }, 400, 'invalid_request'],
    [{ kind: 'body_too_large', limit: 5 }, 413, 'invalid_request'],
    [{ kind: 'body_unreadable' }, 400, 'invalid_request'],
    [{ kind: 'defect' }, 500, 'server_error'],
  ] as const;
  for (const [fault, status, code] of table) {
    const answer = refuseOAuth(fault, request);
    assert.equal(answer.status, status, fault.kind);
    assert.equal(JSON.parse(answer.body as string).error, code, fault.kind);
  }
  const refused = refuseOAuth({ kind: 'method_not_allowed', allowed: ['GET', 'POST'] }, request);
  assert.equal(refused.headers[refused.headers.indexOf('Allow') + 1], 'GET, POST');
});
