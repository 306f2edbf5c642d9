/** Attacks on endpoints that read JSON: texts that are no JSON object, and members of the wrong kind. */
import { metadataRules } from '@tegata/server/oauth/clients/metadata-rules';
import { type Attack, credentialsOf, shown, type Target, typeOf, writingMethod } from './attack.ts';

const deep = 100_000;

/** Texts that are no JSON object, or none that may be believed. */
export const brokenObjects: readonly (readonly [string, string | Uint8Array])[] = [
  ['an empty text', ''],
  ['a space', ' '],
  ['an array', '[]'],
  ['a number', '1e400'],
  ['a string', '"text"'],
  ['null', 'null'],
  ['half an object', '{"a":'],
  ['two objects', '{}{}'],
  ['text after the object', '{} x'],
  ['a comment', '{/* */}'],
  ['a trailing comma', '{"a":1,}'],
  ['single quotes', "{'a':1}"],
  ['a member twice', '{"redirect_uris":["https://a.example"],"redirect_uris":["https://b.example"]}'],
  ['a member twice, once escaped', '{"status":"valid","st\\u0061tus":"deactivated"}'],
  ['arrays in arrays', `{"a":${'['.repeat(deep / 4)}`],
  ['objects in objects', `{"a":${'{"a":'.repeat(deep / 10)}`],
  ['deep and complete', `{"a":${'['.repeat(200)}${']'.repeat(200)}}`],
  ['a byte order mark', '\ufeff{}'],
  ['UTF-16', Buffer.from('{}', 'utf16le')],
  ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
  ['a NUL', '{"a":"\u0000"}'],
  ['a lone surrogate', '{"a":"\\ud800"}'],
  ['a number without end', `{"a":${'9'.repeat(50_000)}x}`],
  ['infinity', '{"a":Infinity}'],
  ['a leading zero', '{"a":01}'],
];

/** Values that no member of client metadata may have (RFC 7591 section 2). */
const wrongForAll: readonly unknown[] = [[[]], [{}], { a: { b: [] } }, -1.5, 1e308, '\u0000', [null]];

/** Further values that a member must not have. */
const wrongFor: Readonly<Record<string, readonly unknown[]>> = {
  redirect_uris: [
    null,
    'https://a.example',
    ['x'],
    [5],
    ['https://a.example/#f'],
    ['javascript:alert(1)'],
    ['http://a.example/'],
  ],
  grant_types: ['client_credentials', ['password'], ['__proto__'], [5]],
  response_types: ['code', ['token']],
  token_endpoint_auth_method: ['password', '__proto__', ['none'], true],
  jwks: [{ keys: 5 }, { keys: [{}] }, { keys: [{ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }] }, 'x'],
  jwks_uri: ['http://127.0.0.1/', 'file:///etc/passwd', ['https://a.example']],
  scope: [['openid'], true, 'a"b', 'openid  \n'],
  client_name: ['', 'a'.repeat(5000), 'a\r\nX-Injected: yes', true],
};

export function jsonAttacks(target: Target, good: Readonly<Record<string, unknown>>): readonly Attack[] {
  const request = {
    method: writingMethod(target),
    target: target.path,
    headers: [...credentialsOf(target), ...typeOf(target)],
  };
  const send = (name: string, body: string | Uint8Array): Attack => ({
    name,
    request: { ...request, body },
    expect: 'refused',
  });
  const members = metadataRules.filter((rule) => rule.operatorOnly !== true).map((rule) => rule.name);
  return [
    ...brokenObjects.map(([name, body]) => send(name, body)),
    ...members.flatMap((member) =>
      [...wrongForAll, ...(wrongFor[member] ?? [])].map((value) =>
        send(`${member}: ${shown(JSON.stringify(value))}`, JSON.stringify({ ...good, [member]: value })),
      ),
    ),
  ];
}
