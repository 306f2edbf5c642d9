import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findViolations } from './check.ts';

const server = 'packages/server/src';
const core = 'packages/core/src';
const violations = (path: string, text: string) => findViolations([{ path, text }]);
const repeat = (line: string, times: number) => `${line}\n`.repeat(times);

describe('layer check: forbidden imports', () => {
  const cases: Record<string, readonly [string, string, RegExp]> = {
    'oauth → acme': ['oauth/a.ts', "import { x } from '../acme/b.ts';", /oauth must not import server\/acme/],
    'acme → oauth': ['acme/a.ts', "import { x } from '../oauth/b.ts';", /acme must not import server\/oauth/],
    'acme → ca': ['acme/a.ts', "import { x } from '../ca/issue.ts';", /must not import server\/ca/],
    'ca → keys': ['ca/a.ts', "import { x } from '../keys/b.ts';", /must not import server\/keys/],
    'oauth → store': ['oauth/a.ts', "import type { X } from '../store/b.ts';", /must not import server\/store/],
    'oauth → config': ['oauth/deep/a.ts', "import type { X } from '../../config/config.ts';", /server\/config/],
    'acme → net through a package path': ['acme/a.ts', "import { x } from '@tegata/server/net/b';", /server\/net/],
    'oauth → node:fs': ['oauth/a.ts', "import { x } from 'node:fs';", /must not import node:fs/],
    'acme → node:net by import()': ['acme/a.ts', "const x = await import('node:net');", /must not import node:net/],
    'ca → node:tls by export': [
      'ca/a.ts',
      "export { connect } from 'node:tls';\nexport const x = 1;",
      /must not import node:tls/,
    ],
    'oauth → a package': ['oauth/a.ts', "import { z } from 'zod';", /must not import the package zod/],
    'acme → a scoped package': ['acme/a.ts', "import { z } from '@peculiar/x509/build';", /package @peculiar\/x509/],
    'store → keys': ['store/a.ts', "import { x } from '../keys/b.ts';", /must not import server\/keys/],
    'store → oauth': ['store/a.ts', "import { x } from '../oauth/b.ts';", /must not import server\/oauth/],
    'store → node:crypto': ['store/a.ts', "import { x } from 'node:crypto';", /through @tegata\/core\/crypto/],
    'config → pino': ['config/a.ts', "import { x } from 'pino';", /must not import the package pino/],
    'http → main': ['http/a.ts', "import { x } from '../main/compose.ts';", /must not import server\/main/],
    'main → cli': ['main/a.ts', "import { x } from '../cli/main.ts';", /must not import server\/cli/],
    'ports → a value': ['ports/a.ts', "import { ok } from '@tegata/core/result';", /holds types only/],
    'an unknown room': ['misc/a.ts', 'export const x = 1;', /no layer rule for server\/misc/],
    'an import type inside a type': ['oauth/a.ts', "type X = import('../store/b.ts').X;", /server\/store/],
    'a product file → a test': ['oauth/a.ts', "import { x } from './b.test.ts';", /only tests import tests/],
    'another package by a relative path': ['oauth/a.ts', "import { x } from '../../../core/src/id.ts';", /use @tegata/],
    'an import without extension': ['oauth/a.ts', "import { x } from './b';", /end in \.ts/],
  };
  for (const [name, [path, text, message]] of Object.entries(cases)) {
    it(name, () => {
      const found = violations(`${server}/${path}`, text);
      assert.equal(found.length, 1, found.join('\n'));
      assert.match(found[0] as string, message);
    });
  }

  const coreCases: Record<string, readonly [string, string]> = {
    'core → server': ['id.ts', "import { x } from '@tegata/server/ports/store';"],
    'core → node:fs': ['codec/a.ts', "import { x } from 'node:fs';"],
    'core → node:crypto outside crypto.ts': ['jose/a.ts', "import { x } from 'node:crypto';"],
    'codec → jose': ['codec/a.ts', "import { x } from '../jose/jwk.ts';"],
    'jose → x509': ['jose/a.ts', "import { x } from '../x509/name.ts';"],
    'time → crypto': ['time/a.ts', "import { x } from '../crypto.ts';"],
    'core → a package': ['jose/a.ts', "import { x } from 'jose';"],
  };
  for (const [name, [path, text]] of Object.entries(coreCases)) {
    it(name, () => assert.equal(violations(`${core}/${path}`, text).length, 1));
  }
});

describe('layer check: allowed imports', () => {
  const cases: Record<string, readonly [string, string]> = {
    'oauth → core, ports and itself': [
      `${server}/oauth/a/b.ts`,
      "import { x } from '@tegata/core/jose/jwk';\nimport type { S } from '../../ports/store.ts';\nimport { y } from '../c.ts';",
    ],
    'an adapter → node and its package': [`${server}/store/a.ts`, "import 'node:sqlite';\nimport pg from 'pg';"],
    'keys → node:crypto': [`${server}/keys/a.ts`, "import { x } from 'node:crypto';"],
    'core/crypto.ts → node:crypto': [`${core}/crypto.ts`, "import * as node from 'node:crypto';"],
    'cli → main': [`${server}/cli/a.ts`, "import { x } from '../main/serve.ts';"],
    'a test → whatever it needs': [
      `${server}/oauth/a.test.ts`,
      "import 'node:fs';\nimport 'jose';\nimport '../store/b.ts';\nimport '../../../../test/support/x.ts';",
    ],
    'files outside the packages → everything': [
      'test/a.test.ts',
      "import '@tegata/server/main/compose';\nimport 'pg';",
    ],
  };
  for (const [name, [path, text]] of Object.entries(cases)) {
    it(name, () => assert.deepEqual(violations(path, text), []));
  }
});

describe('layer check: shape of files', () => {
  it('limits the length of files, with more room for tests', () => {
    assert.match(violations(`${core}/id.ts`, repeat('export {};', 401))[0] ?? '', /401 lines/);
    assert.deepEqual(violations(`${core}/id.ts`, repeat('export {};', 400)), []);
    assert.deepEqual(violations(`${core}/id.test.ts`, repeat('export {};', 600)), []);
    assert.equal(violations(`${core}/id.test.ts`, repeat('export {};', 601)).length, 1);
  });

  it('limits the length of functions of every kind, except in tests', () => {
    const body = repeat('  x();', 79);
    for (const text of [
      `function long() {\n${body}}`,
      `const long = () => {\n${body}};`,
      `const o = { long() {\n${body}} };`,
    ]) {
      assert.match(violations(`${core}/id.ts`, text)[0] ?? '', /:1: .*has 81 lines/);
      assert.deepEqual(violations(`${core}/id.test.ts`, text), []);
    }
    assert.deepEqual(violations(`${core}/id.ts`, `function fits() {\n${repeat('  x();', 78)}}`), []);
  });

  it('refuses files that only pass on others', () => {
    assert.match(
      violations(`${core}/id.ts`, "export * from './random.ts';\nexport { x } from './result.ts';")[0] ?? '',
      /passes on/,
    );
    assert.deepEqual(violations(`${core}/id.ts`, "export { x } from './result.ts';\nexport const y = 1;"), []);
  });

  it('refuses unfinished work and paths of one machine', () => {
    assert.match(violations('tools/a.ts', `// ${'TO'}${'DO'} later`)[0] ?? '', /a\.ts:1: unfinished/);
    assert.match(
      violations('tools/a.ts', `\nconst x = '${'/ho'}${'me'}/me/x';`)[0] ?? '',
      /a\.ts:2: a path of one machine/,
    );
    assert.deepEqual(violations('tools/a.ts', "const x = 'https://a.example/home/x';"), []);
  });

  it('finds circles of imports at run time, once each', () => {
    const files = [
      { path: `${core}/id.ts`, text: "import { x } from './random.ts';" },
      { path: `${core}/random.ts`, text: "import { x } from './result.ts';" },
      { path: `${core}/result.ts`, text: "import { x } from './id.ts';" },
      { path: `${core}/secret.ts`, text: "import { x } from './id.ts';" },
      { path: `${core}/crypto.ts`, text: "import type { X } from './crypto.ts';" },
    ];
    const found = findViolations(files);
    assert.equal(found.length, 1);
    assert.match(found[0] as string, /circle: \S*id\.ts → \S*random\.ts → \S*result\.ts$/);
  });

  it('stops at a file that is not TypeScript', () => {
    assert.throws(() => violations('tools/a.ts', 'function {'), /tools\/a\.ts/);
  });
});
