/** Attacks on endpoints that read forms and queries: bodies that are no form, and every parameter with what it must not hold. */
import { assertionType, codeChallenge, codeVerifier, redirectUri } from '../../support/oauth-harness.ts';
import { type Attack, credentialsOf, long, shown, type Target, texts, typeOf, writingMethod } from './attack.ts';

type Form = Readonly<Record<string, string>>;

const unknownHandle = `${'0'.repeat(21)}.${'A'.repeat(32)}`;

/** Forms that get as far as one can get without a secret of the server, by endpoint. */
function formsOf(clientId: string): Readonly<Record<string, readonly Form[]>> {
  const code = { grant_type: 'authorization_code', code: unknownHandle, redirect_uri: redirectUri };
  return {
    token: [
      { ...code, code_verifier: codeVerifier },
      { grant_type: 'refresh_token', refresh_token: unknownHandle, scope: 'openid', resource: 'https://api.example' },
      { grant_type: 'client_credentials', client_assertion: 'e30.e30.e30', client_assertion_type: assertionType },
      { grant_type: 'client_credentials', client_id: clientId, client_secret: 'x'.repeat(43) },
    ],
    introspection: [{ token: unknownHandle, token_type_hint: 'access_token' }],
    revocation: [{ token: unknownHandle, token_type_hint: 'refresh_token' }],
    userinfo: [{ access_token: unknownHandle }],
    authorization: [
      {
        response_type: 'code',
        client_id: clientId,
        redirect_uri: redirectUri,
        scope: 'openid',
        state: 's',
        nonce: 'n',
        code_challenge: codeChallenge,
        code_challenge_method: 'S256',
        prompt: 'login',
        max_age: '60',
        ui_locales: 'ja en',
        login_hint: 'hanako',
        id_token_hint: 'e30.e30.e30',
        acr_values: '1',
        claims: '{"userinfo":{}}',
        display: 'page',
        response_mode: 'query',
        resource: 'https://api.example',
        request: 'e30.e30.',
        request_uri: 'https://evil.example/request',
      },
      { ticket: 'AAAA' },
    ],
    end_session: [
      { id_token_hint: 'e30.e30.e30', post_logout_redirect_uri: redirectUri, state: 's', client_id: clientId },
      { logout_hint: 'x', ui_locales: 'ja' },
    ],
  };
}

/** What pages read, and whatever an endpoint not named above may read. */
const anything: Form = {
  ticket: 'AAAA',
  token: unknownHandle,
  lang: 'ja',
  username: 'hanako',
  password: 'correct horse battery staple',
  name: 'Hanako',
  repeat: 'x',
  action: 'x',
  decision: 'allow',
  remember: 'yes',
  client: 'x',
  code: unknownHandle,
  state: 's',
};

const rawBodies: readonly (readonly [string, string | Uint8Array])[] = [
  ['a broken escape', 'token=%E0%A4%A&ticket=%'],
  ['bytes that are no UTF-8', Buffer.from([0x74, 0x3d, 0xff, 0xfe, 0x26, 0x61, 0x3d, 0xc0, 0xaf])],
  ['escaped bytes that are no UTF-8', 'token=%ff%fe&ticket=%c0%af'],
  ['a thousand parameters', Array.from({ length: 1000 }, (_, at) => `p${at}=1`).join('&')],
];

const oddBodies: readonly (readonly [string, string | Uint8Array])[] = [
  ['an empty body', ''],
  ['repeated parameters', 'token=a&token=b&ticket=a&ticket=b&grant_type=a&grant_type=b&client_id=a&client_id=b'],
  ['NULs', '\0\0\0\0=\0&\0'],
  ['only separators', '&&&===&&&'],
  ['parameters without values', 'grant_type&code=&token=&ticket&client_id'],
  ['JSON', '{"grant_type":"client_credentials"}'],
  ['UTF-16', Buffer.from('grant_type=client_credentials', 'utf16le')],
  ['names of prototypes', '__proto__=1&constructor=2&toString=3&hasOwnProperty=4'],
  ['a form of arrays', 'grant_type[]=client_credentials&token[0]=a&token[1]=b&token[a][b]=c'],
];

export function formAttacks(target: Target, clientId: string): readonly Attack[] {
  const forms = formsOf(clientId)[target.endpoint.name] ?? [anything];
  const places = target.endpoint.methods.includes('GET') ? (['body', 'query'] as const) : (['body'] as const);
  return [
    ...bodyAttacks(target),
    ...places.flatMap((place) => forms.flatMap((form) => [...fieldAttacks(target, form, place)])),
  ];
}

function* bodyAttacks(target: Target): Iterable<Attack> {
  const request = {
    method: writingMethod(target),
    target: target.path,
    headers: [...credentialsOf(target), ...typeOf(target)],
  };
  for (const [name, body] of rawBodies) yield { name, request: { ...request, body }, expect: 'refused' };
  for (const [name, body] of oddBodies) yield { name, request: { ...request, body }, expect: 'answered' };
}

/** Each parameter with each text, and twice. */
function* fieldAttacks(target: Target, form: Form, place: 'body' | 'query'): Iterable<Attack> {
  const send = (name: string, pairs: readonly (readonly [string, string])[]): Attack => {
    const text = pairs.map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`).join('&');
    const headers = 'client_secret' in form || 'client_assertion' in form ? [] : credentialsOf(target);
    const request =
      place === 'query'
        ? { method: 'GET', target: `${target.path}?${text}`, headers }
        : { method: 'POST', target: target.path, headers: [...headers, ...typeOf(target)], body: text };
    return { name: `${place}: ${name}`, request, expect: 'answered' };
  };
  const pairs = Object.entries(form);
  for (const [name, good] of pairs) {
    for (const text of texts.filter((candidate) => place === 'body' || candidate !== long)) {
      yield send(
        `${name}=${shown(text)}`,
        pairs.map(([key, value]) => [key, key === name ? text : value]),
      );
    }
    yield send(`${name} twice`, [...pairs, [name, good]]);
    yield send(
      `${name} left out`,
      pairs.filter(([key]) => key !== name),
    );
  }
}
