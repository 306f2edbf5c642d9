import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonValue } from '@tegata/core/codec/json';
import { createIdentifierCheck, type IdentifierPolicy } from '../policy/identifier-policy.ts';
import { dnsIdentifier } from './dns.ts';
import { createIdentifierRegistry } from './registry.ts';

const open: IdentifierPolicy = { allowedSuffixes: [], deniedSuffixes: [] };
const dns = (value: string) => ({ type: 'dns', value });

describe('identifier registry', () => {
  const registry = createIdentifierRegistry([dnsIdentifier], createIdentifierCheck(open));

  it('makes identifiers canonical and leaves repetitions out', () => {
    const parsed = registry.parseAll([dns('B.example'), dns('a.example'), dns('b.EXAMPLE')]);
    assert.deepEqual(parsed, { ok: true, value: [dns('b.example'), dns('a.example')] });
  });

  it('tells all faults at once, each with its identifier', () => {
    const parsed = registry.parseAll([dns('a_b.example'), { type: 'ip', value: '192.0.2.1' }, dns('ok.example')]);
    assert.ok(!parsed.ok);
    assert.equal(parsed.error.type, 'compound');
    assert.deepEqual(
      parsed.error.subproblems.map(({ type, identifier }) => [type, identifier.value]),
      [
        ['malformed', 'a_b.example'],
        ['unsupportedIdentifier', '192.0.2.1'],
      ],
    );
  });

  it('keeps the type of a single fault', () => {
    const parsed = registry.parseAll([{ type: 'ip', value: '192.0.2.1' }, dns('ok.example')]);
    assert.ok(!parsed.ok);
    assert.equal(parsed.error.type, 'unsupportedIdentifier');
    assert.equal(parsed.error.subproblems.length, 1);
  });

  const shapes: readonly JsonValue[] = [
    null,
    'x',
    {},
    [],
    [null],
    ['a.example'],
    [{ type: 'dns' }],
    [{ value: 'a.example' }],
    [{ type: 'dns', value: 1 }],
    Array.from({ length: 101 }, (_, at) => dns(`a${at}.example`)),
  ];
  for (const shape of shapes) {
    it(`refuses ${JSON.stringify(shape).slice(0, 40)} as malformed`, () => {
      const parsed = registry.parseAll(shape);
      assert.ok(!parsed.ok);
      assert.equal(parsed.error.type, 'malformed');
    });
  }

  it('refuses to mount one type twice', () => {
    assert.throws(() => createIdentifierRegistry([dnsIdentifier, dnsIdentifier], () => undefined), /one name/);
  });
});

describe('identifier policy', () => {
  const cases: readonly [string, IdentifierPolicy, string, boolean][] = [
    ['lets local names pass by default', open, 'printer.local', true],
    ['lets single labels pass by default', open, 'nas', true],
    ['refuses reverse names', open, '1.2.0.192.in-addr.arpa', false],
    ['refuses onion names', open, 'abc.onion', false],
    ['refuses denied names', { ...open, deniedSuffixes: ['corp.example'] }, 'a.corp.example', false],
    ['refuses the denied name itself', { ...open, deniedSuffixes: ['corp.example'] }, 'corp.example', false],
    ['compares whole labels', { ...open, deniedSuffixes: ['corp.example'] }, 'mycorp.example', true],
    ['refuses a wildcard by its base', { ...open, deniedSuffixes: ['corp.example'] }, '*.corp.example', false],
    ['allows names of the list', { ...open, allowedSuffixes: ['lan', 'local'] }, 'a.local', true],
    ['allows no others', { ...open, allowedSuffixes: ['lan', 'local'] }, 'a.example', false],
    ['lets denial win', { allowedSuffixes: ['lan'], deniedSuffixes: ['x.lan'] }, 'a.x.lan', false],
  ];
  for (const [name, policy, value, allowed] of cases) {
    it(name, () => assert.equal(createIdentifierCheck(policy)(dns(value)) === undefined, allowed));
  }
});
