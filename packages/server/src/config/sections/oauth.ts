/** Options of OAuth and OpenID Connect. */
import { option, section } from '../option.ts';
import { duration, flag, list } from '../values.ts';

export const oauth = section('Tokens.', {
  accessTokenLifetime: option(duration('30s', '1h'), '10m', { doc: 'How long an access token is good.', type: 'time' }),
  idTokenLifetime: option(duration('30s', '1d'), '10m', { doc: 'How long an ID token is good.', type: 'time' }),
  authorizationCodeLifetime: option(duration('10s', '10m'), '60s', {
    doc: 'How long a client has to exchange an authorization code.',
    type: 'time',
  }),
  refreshIdleLifetime: option(duration('1m', '730d'), '30d', {
    doc: 'How long a refresh token is good when it is not used; every use gives a new one.',
    type: 'time',
  }),
  refreshAbsoluteLifetime: option(duration('1m', '3650d'), '90d', {
    doc: 'The longest time that refreshing can prolong one authorization; then the person signs in again.',
    type: 'time',
  }),
  refreshGracePeriod: option(duration('0s', '5m'), '10s', {
    doc: 'How long a refresh token that was just used may be presented again and gets the same answer: for clients whose connection broke. Later than that it is taken for stolen and the whole family ends.',
    type: 'time',
  }),
  scopes: option(list('scopes', parseScopeToken), [], {
    doc: 'Scopes of your APIs. A client may have those it is registered for; `openid`, `profile`, `email` and `offline_access` are always there.',
    type: 'list of scopes',
  }),
  resources: option(list('absolute URIs without a fragment', parseResource), [], {
    doc: 'Resource indicators (RFC 8707) that every client may ask for. Further ones are allowed client by client.',
    type: 'list of URIs',
  }),
  clockSkew: option(duration('0s', '5m'), '30s', {
    doc: 'How far the clocks of clients may be off where they sign with a time.',
    type: 'time',
  }),
  registration: section('Dynamic client registration (RFC 7591, RFC 7592).', {
    enabled: option(flag, false, {
      doc: 'Whether clients may register themselves with an initial access token, which `tegata client token` makes.',
      type: '`true` or `false`',
    }),
  }),
});

/** A scope-token of RFC 6749 section 3.3. */
function parseScopeToken(item: string): string | undefined {
  return /^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/.test(item) ? item : undefined;
}

function parseResource(item: string): string | undefined {
  return URL.canParse(item) && !item.includes('#') && item.length <= 500 ? item : undefined;
}

export const sessions = section('Signed-in browsers.', {
  idleLifetime: option(duration('1m', '90d'), '12h', {
    doc: 'How long a person stays signed in without visiting.',
    type: 'time',
  }),
  absoluteLifetime: option(duration('1m', '365d'), '7d', {
    doc: 'How long a person stays signed in at most.',
    type: 'time',
  }),
});
