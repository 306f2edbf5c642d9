import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { formatChallenge } from './www-authenticate.ts';

describe('formatChallenge', () => {
  it('writes scheme and quoted parameters in order, leaving out undefined ones', () => {
    assert.equal(formatChallenge('Basic'), 'Basic');
    assert.equal(formatChallenge('Basic', { realm: undefined }), 'Basic');
    assert.equal(
      formatChallenge('Bearer', {
        realm: 'https://as.example',
        error: 'invalid_token',
        scope: undefined,
        error_description: 'It expired.',
      }),
      'Bearer realm="https://as.example", error="invalid_token", error_description="It expired."',
    );
  });

  it('escapes quotes and backslashes, and replaces what a header cannot carry', () => {
    assert.equal(formatChallenge('Bearer', { realm: 'a"b\\c' }), 'Bearer realm="a\\"b\\\\c"');
    assert.equal(formatChallenge('Bearer', { realm: 'a\r\nSet-Cookie: x' }), 'Bearer realm="a??Set-Cookie: x"');
    assert.equal(formatChallenge('Bearer', { realm: '通手形😀' }), 'Bearer realm="????"');
  });

  it('lets no value end its quoted string or the header', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        assert.match(
          formatChallenge('Bearer', { realm: value }),
          /^Bearer realm="(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"$/,
        );
      }),
    );
  });
});
