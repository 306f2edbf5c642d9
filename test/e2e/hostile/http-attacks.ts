/** Attacks on HTTP itself, the same for every endpoint: methods, media types, sizes, framing, header fields, addresses. */
import { type Attack, credentialsOf, long, type Target, texts, typeOf, writingMethod } from './attack.ts';
import type { RawRequest } from './raw-http.ts';

type Field = readonly [name: string, value: string];

const allMethods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'];

export function httpAttacks(target: Target): readonly Attack[] {
  return [
    ...wrongMethods(target),
    ...wrongContent(target),
    ...wrongSizes(target),
    ...brokenFraming(target),
    ...hostileFields(target),
    ...hostileQueries(target),
    ...hostileAddresses(target),
  ];
}

function* wrongMethods({ endpoint, methods, path }: Target): Iterable<Attack> {
  for (const method of allMethods) {
    const answered = methods.includes(method) || (method === 'HEAD' && methods.includes('GET'));
    // OPTIONS asks what scripts of other origins may do, which is a fair question where they may do something.
    const fair = method === 'OPTIONS' && endpoint.cors === 'any';
    if (answered || fair) continue;
    yield { name: `${method}`, request: { method, target: path }, expect: 'refused', status: 405 };
    const body = 'x'.repeat(1000);
    yield { name: `${method} with a body`, request: { method, target: path, body }, expect: 'refused', status: 405 };
  }
  yield { name: 'an unknown method', request: { method: 'FROB', target: path }, expect: 'unreadable' };
  yield { name: 'a method in lower case', request: { method: 'get', target: path }, expect: 'unreadable' };
}

const mediaTypes = [
  'text/plain',
  'application/xml',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
  'application/json',
  'application/jose+json',
  'application/json; charset=utf-16',
  '',
  ';',
  'é/ü',
  long,
];

function* wrongContent(target: Target): Iterable<Attack> {
  const { endpoint, path } = target;
  const { mediaType } = endpoint.body;
  const method = writingMethod(target);
  const send = (fields: readonly Field[]): RawRequest => ({
    method,
    target: path,
    headers: [...credentialsOf(target), ...fields],
    body: '{}',
  });
  if (mediaType === undefined) {
    yield { name: 'a body where none is taken', request: send([]), expect: 'refused' };
    return;
  }
  yield { name: 'no media type', request: send([]), expect: 'refused' };
  for (const type of mediaTypes.filter((candidate) => !candidate.startsWith(mediaType))) {
    const name = `media type ${type.slice(0, 30)}`;
    yield { name, request: send([['Content-Type', type]]), expect: 'refused' };
  }
  for (const coding of ['gzip', 'br, gzip', 'identity, x', long]) {
    const fields: Field[] = [
      ['Content-Type', mediaType],
      ['Content-Encoding', coding],
    ];
    yield { name: `content coding ${coding.slice(0, 20)}`, request: send(fields), expect: 'refused' };
  }
}

function* wrongSizes(target: Target): Iterable<Attack> {
  const { limit } = target.endpoint.body;
  const base = {
    method: writingMethod(target),
    target: target.path,
    headers: [...credentialsOf(target), ...typeOf(target)],
  };
  const body = 'a'.repeat(limit + 1);
  const expect = 'refused';
  const status = 413;
  yield { name: 'one byte too much', request: { ...base, body }, expect, status };
  yield { name: 'one byte too much, in chunks', request: { ...base, body, framing: 'chunked' }, expect, status };
  yield {
    name: 'far too much, in chunks',
    request: { ...base, body: body.repeat(3), framing: 'chunked' },
    expect,
    status,
  };
  yield { name: 'a terabyte announced', request: { ...base, body: 'a', framing: 1e12 }, expect, status };
  yield {
    name: 'more announced than a number holds',
    request: { ...base, body: 'a', framing: 1e21 },
    expect: 'unreadable',
  };
  yield { name: 'a negative length', request: { ...base, body: 'a', framing: -1 }, expect: 'unreadable' };
}

function* brokenFraming(target: Target): Iterable<Attack> {
  const { endpoint, path } = target;
  const base = { method: writingMethod(target), target: path, headers: [...credentialsOf(target), ...typeOf(target)] };
  const with_ = (...fields: Field[]): RawRequest => ({
    ...base,
    headers: [...base.headers, ...fields],
    framing: 'none',
  });
  const expect = 'unreadable';
  // An endpoint without a body refuses what is announced, before it is seen to be cut off.
  yield { name: 'a body cut off', request: { ...base, body: 'a=b&', framing: 'cut' }, expect };
  yield { name: 'nothing of the announced body', request: { ...base, body: '', framing: 'cut' }, expect };
  const chunked: Field = ['Transfer-Encoding', 'chunked'];
  for (const body of ['ZZZ\r\n', '5\r\nabc', 'FFFFFFFFFFFFFFFFFF\r\n', '-1\r\n\r\n', '1\r\nabc\r\n0\r\n\r\n']) {
    const name = `chunks ${JSON.stringify(body)}`;
    // The connection is ended after it, as an incomplete body would rightly be waited for.
    yield { name, request: { ...base, headers: [...base.headers, chunked], body, framing: 'none', end: true }, expect };
  }
  if (endpoint.body.mediaType !== undefined) {
    yield {
      name: 'length and chunks',
      request: { ...with_(chunked, ['Content-Length', '3']), body: '0\r\n\r\n' },
      expect,
    };
  }
  yield {
    name: 'two lengths',
    request: { ...with_(['Content-Length', '1'], ['Content-Length', '2']), body: 'aa' },
    expect,
  };
  yield { name: 'a length that is no number', request: with_(['Content-Length', '0x10']), expect };
  yield { name: 'an unknown transfer coding', request: with_(['Transfer-Encoding', 'gzip']), expect };
}

function* hostileFields(target: Target): Iterable<Attack> {
  const method = target.endpoint.methods[0] as string;
  // Where a form is taken, credentials are looked at only beside one.
  const isForm = method === 'POST' && target.endpoint.body.mediaType === 'application/x-www-form-urlencoded';
  const content = isForm ? { body: 'grant_type=client_credentials&token=x' } : {};
  const ask = (...fields: Field[]): RawRequest => {
    const headers = isForm ? [...typeOf(target), ...fields] : fields;
    return { method, target: target.path, headers, ...content };
  };
  const unreadable: readonly [string, Field][] = [
    ['a NUL in a field', ['X-Text', 'a\u0000b']],
    ['a bare CR in a field', ['X-Text', 'a\rb']],
    ['a field name with a space', ['X Text', 'a']],
    ['a folded field', ['X-Text', 'a\r\n b']],
    ['fields of 40 kilobytes', ['X-Text', 'a'.repeat(40_000)]],
    ['an empty field name', ['', 'a']],
  ];
  for (const [name, field] of unreadable) yield { name, request: ask(field), expect: 'unreadable' };
  const odd: readonly [string, Field[]][] = [
    ['a foreign Host', [['Host', 'evil.example']]],
    ['a Host that is none', [['Host', '"><script>']]],
    [
      'a forged proxy',
      [
        ['X-Forwarded-For', '"><script>'],
        ['X-Forwarded-Proto', 'gopher'],
        ['Forwarded', 'for=_x'],
      ],
    ],
    ['a foreign origin', [['Origin', 'https://evil.example']]],
    ['an origin that is none', [['Origin', '\u00ff"']]],
    ['a language that is none', [['Accept-Language', `${'x-'.repeat(2000)};q=9,${','.repeat(500)}`]]],
    [
      'a request id from outside',
      [
        ['X-Request-Id', '../../x'],
        ['X-Http-Method-Override', 'DELETE'],
      ],
    ],
    ['entity tags without end', [['If-None-Match', '"",W/'.repeat(1000)]]],
    ['cookies without end', [['Cookie', '__Host-tegata-session=x; '.repeat(300)]]],
    ['cookies that are none', [['Cookie', '=;;=\u00ff; __Host-tegata-browser=%00; __Host-tegata-language=__proto__']]],
    ['four hundred fields', Array.from({ length: 400 }, (_, at): Field => [`X-${at}`, 'a'])],
    ['ranges', [['Range', 'bytes=0-0,5-,-1']]],
  ];
  for (const [name, fields] of odd) yield { name, request: ask(...fields), expect: 'answered' };
  for (const value of [...texts.filter((text) => !/[\r\n\0\u0100-\uffff]/.test(text)), 'Negotiate x']) {
    for (const scheme of ['', 'Basic ', 'Bearer ', 'DPoP ']) {
      const name = `Authorization: ${scheme}${value.slice(0, 20)}`;
      yield { name, request: ask(['Authorization', scheme + value]), expect: 'answered' };
    }
  }
  const two: Field[] = [
    ['Authorization', 'Bearer a'],
    ['Authorization', 'Basic YTpi'],
  ];
  yield { name: 'two Authorization fields', request: ask(...two), expect: 'answered' };
}

function* hostileQueries({ endpoint, path }: Target): Iterable<Attack> {
  const method = endpoint.methods[0] as string;
  const queries = [
    '?',
    '&&&==&',
    '%',
    '%zz=%',
    'a=%ff%fe',
    'a=%00',
    '__proto__=1&__proto__[x]=1',
    `a=${long}`,
    'a[]=1&a[]=2',
  ];
  for (const query of queries) {
    yield { name: `query ${query.slice(0, 30)}`, request: { method, target: `${path}?${query}` }, expect: 'answered' };
  }
  yield { name: 'a fragment', request: { method, target: `${path}#x` }, expect: 'answered' };
  yield {
    name: 'a query of 40 kilobytes',
    request: { method, target: `${path}?${'a'.repeat(40_000)}` },
    expect: 'unreadable',
  };
}

/** Texts for where the id of something stands in a path. */
export const segments: readonly string[] = [
  '%',
  '%zz',
  '%00',
  '%ff',
  '%c0%ae',
  '..',
  '%2e%2e%2f',
  '__proto__',
  'constructor',
  "'%20OR%201=1--",
  '%0d%0aX-Injected:%20yes',
  'a'.repeat(2000),
  '0'.repeat(21),
  '%F0%9F%92%80',
];

/** Paths that nearly are the endpoint's, and ids that nothing has. */
export function* hostileAddresses({ endpoint, path }: Target): Iterable<Attack> {
  const method = endpoint.methods[0] as string;
  const at = (name: string, target: string, expect: Attack['expect'] = 'refused'): Attack => ({
    name,
    request: { method, target },
    expect,
  });
  yield at('a path longer than any', `${path}${'a'.repeat(5000)}`);
  yield at('a slash too many', `${path}/`);
  yield at('two slashes', `/${path}`);
  if (path !== '/') yield at('another case', path.toUpperCase());
  yield at('a whole URL', `http://evil.example${path}`, 'answered');
  yield at('a path with bytes beyond ASCII', `${path}\u00e9`, 'unreadable');
  yield at('a path with a space', `${path} x`, 'unreadable');
  if (!endpoint.path.includes('{')) return;
  for (const segment of segments) {
    const target = endpoint.path.replace(/\{[^}]*\}/g, segment);
    yield at(`parameters ${segment.slice(0, 30)}`, target, 'refused');
  }
}
