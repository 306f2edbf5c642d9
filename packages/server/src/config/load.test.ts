import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { inspect } from 'node:util';
import { unwrap } from '@tegata/core/result';
import { readOptions } from './catalogue.ts';
import { issuerFor, plainBaseUrlFor } from './config.ts';
import { type ConfigSources, loadConfig } from './load.ts';
import { formatMistakes, type Mistake } from './mistakes.ts';

const folder = mkdtempSync(join(tmpdir(), 'tegata-config-'));
after(() => rmSync(folder, { recursive: true }));

const load = (sources: Partial<ConfigSources> & { readonly yaml?: string }) => {
  const { yaml, ...rest } = sources;
  const file = join(folder, 'tegata.yaml');
  if (yaml !== undefined) writeFileSync(file, yaml);
  return loadConfig({ environment: {}, ...(yaml === undefined ? {} : { file }), ...rest });
};
const config = (sources: Parameters<typeof load>[0]) => unwrap(load(sources));
const mistakes = (sources: Parameters<typeof load>[0]): readonly Mistake[] => {
  const result = load(sources);
  assert.ok(!result.ok, 'the configuration should have been refused');
  return result.error;
};

describe('configuration: defaults', () => {
  it('works with nothing at all', () => {
    const { issuer, listen, data, store, http, metrics, acme } = config({});
    assert.equal(issuer, 'https://localhost:8443');
    assert.deepEqual(listen, { host: 'localhost', port: 8443 });
    assert.equal(data, join(process.cwd(), 'data'));
    assert.deepEqual(store, { engine: 'sqlite', path: join(process.cwd(), 'data/tegata.db') });
    assert.deepEqual(http.listen, { host: 'localhost', port: 8480 });
    assert.deepEqual(metrics.listen, { host: 'localhost', port: 9464 });
    assert.equal(acme.validation.httpPort, 80);
    assert.equal(acme.validation.tlsPort, 443);
    assert.deepEqual(acme.validation.addresses, ['public', 'private', 'loopback']);
  });

  it('derives them from the options they depend on', () => {
    const { issuer, store, http, acme } = config({ yaml: 'listen: 0.0.0.0:9000\ndata: /srv/tegata\n' });
    assert.equal(issuer, 'https://localhost:9000');
    assert.deepEqual(store, { engine: 'sqlite', path: '/srv/tegata/tegata.db' });
    assert.deepEqual(http.listen, { host: '0.0.0.0', port: 8480 });
    assert.deepEqual(acme.validation.addresses, ['public', 'private'], 'loopback only while nobody else can connect');
  });

  it('takes the issuer from a named host and leaves the default port out', () => {
    assert.equal(config({ flags: { listen: 'Tegata.Lan:443' } }).issuer, 'https://tegata.lan');
    assert.equal(config({ flags: { listen: '[fd00::1]:8443' } }).issuer, 'https://[fd00::1]:8443');
  });

  it('leaves the issuer open while the port is open', () => {
    const open = config({ flags: { listen: 'localhost:0' } });
    assert.equal(open.issuer, undefined);
    assert.equal(issuerFor(open, 4711), 'https://localhost:4711');
    assert.equal(plainBaseUrlFor(open, 'https://ca.example:8443', 8480), 'http://ca.example:8480');
  });

  it('is frozen through and through', () => {
    const frozen = config({});
    assert.ok(Object.isFrozen(frozen) && Object.isFrozen(frozen.acme.validation.addresses));
  });
});

describe('configuration: sources', () => {
  it('lets the environment override the file, and flags both', () => {
    const yaml = 'listen: localhost:1001\ndata: /one\nlog: { level: warn }\n';
    const environment = { TEGATA_LISTEN: 'localhost:1002', TEGATA_DATA: '/two' };
    const { listen, data, log } = config({ yaml, environment, flags: { listen: 'localhost:1003' } });
    assert.deepEqual([listen.port, data, log.level], [1003, '/two', 'warn']);
  });

  it('takes the file named by TEGATA_CONFIG', () => {
    writeFileSync(join(folder, 'other.yaml'), 'listen: localhost:1005');
    assert.equal(config({ environment: { TEGATA_CONFIG: join(folder, 'other.yaml') } }).listen.port, 1005);
  });

  it('reads lists, numbers, times and switches from text', () => {
    const { acme, trustedProxies, oauth } = config({
      environment: {
        TEGATA_ACME_VALIDATION_HTTP_PORT: '5002',
        TEGATA_ACME_VALIDATION_RESOLVERS: '127.0.0.1:5353, ::1, dns.example:53',
        TEGATA_ACME_VALIDATION_ALWAYS_VALID: 'true',
        TEGATA_TRUSTED_PROXIES: '10.0.0.0/8,::1',
        TEGATA_OAUTH_ACCESS_TOKEN_LIFETIME: '15m',
      },
    });
    assert.equal(acme.validation.httpPort, 5002);
    assert.deepEqual(acme.validation.resolvers, ['127.0.0.1:5353', '[::1]:53', 'dns.example:53']);
    assert.equal(acme.validation.alwaysValid, true);
    assert.deepEqual(trustedProxies, ['10.0.0.0/8', '::1']);
    assert.equal(oauth.accessTokenLifetime, 900_000);
  });

  it('counts an empty section, file or variable as left out', () => {
    assert.equal(config({ yaml: '' }).log.level, 'info');
    assert.equal(config({ yaml: 'log:\nacme:\n  validation:\n' }).acme.validation.httpPort, 80);
    assert.equal(config({ environment: { TEGATA_LOG_LEVEL: '' } }).log.level, 'info');
  });

  it('ignores the variables that Kubernetes sets beside a service of our name', () => {
    const environment = { TEGATA_PORT: 'tcp://10.0.0.1:80', TEGATA_SERVICE_HOST: 'x', TEGATA_PORT_80_TCP_ADDR: 'y' };
    assert.ok(load({ environment }).ok);
  });

  it('gives every option a variable of its own and a default that passes', () => {
    const options = readOptions();
    assert.equal(new Set(options.map(({ variable }) => variable)).size, options.length);
    for (const { about, path } of options) assert.match(about.doc, /^[A-Z`].*\.$/, `${path} needs a sentence`);
  });
});

describe('configuration: mistakes', () => {
  it('lists all of them at once, each with path, place, value and what was expected', () => {
    const yaml = 'listen: 8443\nacme:\n  validation:\n    httpPort: 99999\nsessions: 5\n';
    const found = mistakes({ yaml, environment: { TEGATA_LOG_LEVEL: 'loud' }, flags: { 'log.format': 'xml' } });
    const seen = found.map(({ path, where, value }) => [path, where.replace(folder, ''), value]);
    assert.deepEqual(seen, [
      ['listen', '/tegata.yaml line 1', '8443'],
      ['sessions', '/tegata.yaml line 5', undefined],
      ['acme.validation.httpPort', '/tegata.yaml line 4', '99999'],
      ['log.level', 'TEGATA_LOG_LEVEL', '"loud"'],
      ['log.format', '--set log.format', '"xml"'],
    ]);
    const text = formatMistakes(found);
    assert.match(text, /5 mistakes/);
    assert.match(text, /httpPort .* expected a whole number from 1 to 65535, got 99999/);
  });

  const suggestions: Record<string, string | undefined> = {
    'lisen: localhost:1': 'listen',
    'acme: { validaton: { httpPort: 80 } }': 'acme.validation',
    'acme: { validation: { HTTPPort: 80 } }': 'acme.validation.httpPort',
    'resolvers: []': 'acme.validation.resolvers',
    'frobnicate: 1': undefined,
    '__proto__: { data: /x }': undefined,
    'constructor: 1': undefined,
  };
  for (const [yaml, suggestion] of Object.entries(suggestions)) {
    it(`refuses the unknown key in "${yaml}" and suggests ${suggestion ?? 'nothing'}`, () => {
      const [only, ...others] = mistakes({ yaml });
      assert.deepEqual(others, []);
      assert.equal(only?.suggestion, suggestion);
      assert.equal(only?.value, undefined, 'the value of an unknown key may be a misspelt secret');
    });
  }

  it('refuses unknown variables and flags, with a suggestion', () => {
    const [variable, flag] = mistakes({
      environment: { TEGATA_ACME_VALIDATION_HTTPPORT: '80' },
      flags: { isuer: 'x' },
    });
    assert.equal(variable?.suggestion, 'TEGATA_ACME_VALIDATION_HTTP_PORT');
    assert.equal(flag?.suggestion, 'issuer');
  });

  it('never shows a secret, neither in mistakes nor in a dump of the configuration', () => {
    const shown = formatMistakes([
      ...mistakes({ environment: { TEGATA_PASSPHRASE: 'short-word', TEGATA_STORE_URL: 'mysql://me:hunter2@db/x' } }),
      ...mistakes({ yaml: 'keys: { passphrase: correct horse battery }' }),
    ]);
    assert.doesNotMatch(shown, /short-word|hunter2|correct horse/);
    assert.match(shown, /give it in the environment as TEGATA_PASSPHRASE/);
    const secrets = config({
      environment: { TEGATA_PASSPHRASE: 'correct horse battery', TEGATA_STORE_URL: 'postgres://me:hunter2@db/x' },
    });
    assert.doesNotMatch(inspect(secrets, { depth: 9 }) + JSON.stringify(secrets), /correct horse|hunter2/);
    assert.equal(secrets.keys.passphrase?.reveal(), 'correct horse battery');
  });

  it('refuses the passphrase in flags, which every process can read', () => {
    const [only] = mistakes({ flags: { 'keys.passphrase': 'correct horse battery' } });
    assert.match(only?.expected ?? '', /nothing here/);
  });

  const badFiles: Record<string, string> = {
    'broken syntax': 'listen: [',
    'a key written twice': 'data: /a\ndata: /b\n',
    'a list instead of keys': '- listen',
    'a text instead of keys': 'listen',
    'an alias to itself': 'a: &a\n  b: *a\n',
    'two documents': 'data: /a\n---\ndata: /b\n',
  };
  for (const [name, yaml] of Object.entries(badFiles)) {
    it(`refuses a file with ${name}`, () => assert.ok(mistakes({ yaml }).length > 0));
  }

  it('says when the file is not there', () => {
    const [only] = mistakes({ file: join(folder, 'absent.yaml') });
    assert.match(
      formatMistakes([only as Mistake]),
      /absent\.yaml: expected a file that can be read, but it does not exist/,
    );
  });

  const badValues: Record<string, readonly unknown[]> = {
    listen: ['localhost', 'localhost:65536', '::1:80', 'a b:80', '[::g]:80', '', 8443, ['localhost:1']],
    issuer: [
      'http://a.example',
      'https://a.example/',
      'https://a.example?x',
      'https://u@a.example',
      'https://A.example',
      'x',
    ],
    'oauth.accessTokenLifetime': ['600', 600, '10 m', '1s', '2d', '-5m', '1.5h'],
    'acme.validation.httpPort': [0, 65_536, 80.5, '0x50', true],
    'acme.validation.addresses': ['everything', ['10.0.0.0/33'], ['169.254.0.0/16/8'], [5], { public: true }],
    'acme.validation.resolvers': ['1.1.1.1:0', 'a:b:c', [null]],
    trustedProxies: ['proxy.example', '10.0.0.0/x'],
    'oauth.registration.enabled': ['yes', 1],
    'store.url': ['sqlite:', 'tegata.db', 'postgres:host', 5],
    'tls.mode': ['on', true],
    data: ['a\0b', 5],
    'acme.caaIdentities': ['Example.com', 'a..b', '-a.example'],
    'acme.termsOfService': ['ftp://a.example', 'terms'],
    'ca.algorithm': ['ES512', 256],
    'oauth.scopes': ['two words', ['a"b']],
    'oauth.resources': ['api', 'https://api.example/#x'],
    'acme.identifiers.allowedSuffixes': ['.lan', 'Lan'],
  };
  for (const [path, values] of Object.entries(badValues)) {
    for (const value of values) {
      it(`refuses ${path}: ${JSON.stringify(value)}`, () => {
        const keys = path.split('.').reverse();
        const tree = keys.reduce<unknown>((inner, key) => ({ [key]: inner }), value);
        assert.deepEqual(
          mistakes({ yaml: JSON.stringify(tree) }).map((mistake) => mistake.path),
          [path],
        );
      });
    }
  }

  const conflicts: Record<string, readonly [string, string]> = {
    'certificate files without names': ['tls: { mode: files, keyFile: /k }', 'tls.certificateFile'],
    'a certificate file that nobody reads': ['tls: { keyFile: /k }', 'tls.keyFile'],
    'no issuer behind a proxy': ['tls: { mode: off }', 'issuer'],
    'one port twice': ['http: { listen: "localhost:8443" }', 'http.listen'],
    'keys that rotate before they are known': ['keys: { rotateEvery: 1d, publishAhead: 1d }', 'keys.publishAhead'],
    'certificates for everybody on a network': [
      'listen: 0.0.0.0:8443\nacme: { validation: { alwaysValid: true } }',
      'acme.validation.alwaysValid',
    ],
    'a refresh token that outlives its authorization': [
      'oauth: { refreshIdleLifetime: 91d }',
      'oauth.refreshIdleLifetime',
    ],
    'a visit that outlives its session': ['sessions: { idleLifetime: 8d }', 'sessions.idleLifetime'],
  };
  for (const [name, [yaml, path]] of Object.entries(conflicts)) {
    it(`refuses ${name}`, () =>
      assert.deepEqual(
        mistakes({ yaml }).map((mistake) => mistake.path),
        [path],
      ));
  }

  it('finds contradictions beside wrong values, but none that come from them', () => {
    const paths = mistakes({ yaml: 'listen: nonsense\ntls: { mode: off }\nkeys: { publishAhead: x }' }).map(
      ({ path }) => path,
    );
    assert.deepEqual(paths, ['listen', 'keys.publishAhead', 'issuer']);
  });
});
