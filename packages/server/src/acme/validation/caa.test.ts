import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fail, ok } from '@tegata/core/result';
import fc from 'fast-check';
import type { CaaRecord, Probes } from '../../ports/probes.ts';
import { checkCaa } from './caa.ts';
import { parseCaaValue } from './caa-value.ts';

const account = 'https://ca.example/acme/account/1';
const signal = AbortSignal.timeout(60_000);

/** What CAA decides for `name`, with these records and nothing else in the DNS. */
async function decide(
  zone: Readonly<Record<string, readonly CaaRecord[] | 'SERVFAIL'>>,
  request: { name?: string; wildcard?: boolean; method?: string } = {},
  identities: readonly string[] = ['ca.example'],
): Promise<string> {
  const asked: string[] = [];
  const probes = {
    async resolveCaa(name: string) {
      asked.push(name);
      const found = zone[name] ?? [];
      return found === 'SERVFAIL' ? fail({ kind: 'dns' as const, detail: 'SERVFAIL' }) : ok(found);
    },
  } as unknown as Probes;
  const full = { name: 'www.shop.example', wildcard: false, accountUrl: account, method: 'http-01', ...request };
  const result = await checkCaa(full, { identities }, probes, signal);
  return result.ok ? `allowed after ${asked.length}` : result.error.problem.type;
}

const issue = (value: string, tag = 'issue', critical = false): CaaRecord => ({ critical, tag, value });
const at = (...records: CaaRecord[]) => ({ 'www.shop.example': records });

describe('CAA', () => {
  it('allows when there are no records up to the root, after asking at each level', async () => {
    assert.equal(await decide({}), 'allowed after 3');
  });

  const cases: readonly [string, Parameters<typeof decide>, string][] = [
    ['our name', [at(issue('ca.example'))], 'allowed after 1'],
    ['our name in other case and blanks', [at(issue(' CA.Example \t'))], 'allowed after 1'],
    ['our name in a tag of other case', [at(issue('ca.example', 'ISSUE'))], 'allowed after 1'],
    ['one of several', [at(issue('other.example'), issue('ca.example'))], 'allowed after 1'],
    ['another name', [at(issue('other.example'))], 'caa'],
    ['nobody', [at(issue(';'))], 'caa'],
    ['an empty value', [at(issue(''))], 'caa'],
    ['a malformed value', [at(issue('ca.example; x'))], 'caa'],
    ['a malformed value beside a good one', [at(issue('%%%'), issue('ca.example'))], 'allowed after 1'],
    ['a trailing semicolon after parameters', [at(issue('ca.example; a=b;'))], 'caa'],
    ['a semicolon without parameters', [at(issue('ca.example;'))], 'allowed after 1'],
    ['records without issue', [at(issue('mailto:a@shop.example', 'iodef'))], 'allowed after 1'],
    ['a critical unknown tag', [at(issue('ca.example'), issue('x', 'tbs', true))], 'caa'],
    ['an unknown tag that is not critical', [at(issue('x', 'tbs'))], 'allowed after 1'],
    ['a critical known tag', [at(issue('ca.example', 'issue', true))], 'allowed after 1'],
    ['a record of the parent', [{ 'shop.example': [issue('other.example')] }], 'caa'],
    ['the nearest records only', [{ ...at(issue('ca.example')), 'shop.example': [issue(';')] }], 'allowed after 1'],
    ['issuewild for a plain name', [at(issue('other.example', 'issuewild'))], 'allowed after 1'],
    ['issuewild for a wildcard', [at(issue('ca.example'), issue(';', 'issuewild')), { wildcard: true }], 'caa'],
    [
      'issuewild that names us',
      [at(issue(';'), issue('ca.example', 'issuewild')), { wildcard: true }],
      'allowed after 1',
    ],
    ['issue for a wildcard without issuewild', [at(issue('ca.example')), { wildcard: true }], 'allowed after 1'],
    ['our account', [at(issue(`ca.example; accounturi=${account}`))], 'allowed after 1'],
    ['another account', [at(issue('ca.example; accounturi=https://ca.example/acme/account/2'))], 'caa'],
    ['accounturi twice', [at(issue(`ca.example; accounturi=${account}; accounturi=${account}`))], 'caa'],
    ['accounturi in other case', [at(issue(`ca.example; AccountURI=${account}`))], 'allowed after 1'],
    ['our method', [at(issue('ca.example; validationmethods=dns-01,http-01'))], 'allowed after 1'],
    ['another method', [at(issue('ca.example; validationmethods=dns-01'))], 'caa'],
    ['no method', [at(issue('ca.example; validationmethods='))], 'caa'],
    ['methods twice', [at(issue('ca.example;validationmethods=http-01;validationmethods=http-01'))], 'caa'],
    ['both parameters', [at(issue(`ca.example;accounturi=${account};validationmethods=http-01`))], 'allowed after 1'],
    ['draft spellings', [at(issue(`ca.example; account-uri=${account}`))], 'caa'],
    ['unknown parameters', [at(issue('ca.example; policy=ev'))], 'allowed after 1'],
    ['a server failure at the name', [{ 'www.shop.example': 'SERVFAIL' }], 'dns'],
    ['a server failure on the way up', [{ 'shop.example': 'SERVFAIL' }], 'dns'],
    ['records when we have no name', [at(issue('ca.example')), {}, []], 'caa'],
    ['local names, without asking', [{ 'nas.local': [issue(';')] }, { name: 'nas.local' }], 'allowed after 0'],
  ];
  for (const [what, input, expected] of cases) {
    it(`decides on ${what}: ${expected}`, async () => assert.equal(await decide(...input), expected));
  }
});

describe('CAA values', () => {
  it('reads issuer and parameters', () => {
    assert.deepEqual(parseCaaValue('\t Ca.Example ;  A = b ; c=d:e'), {
      issuer: 'ca.example',
      parameters: [
        ['a', 'b'],
        ['c', 'd:e'],
      ],
    });
    assert.deepEqual(parseCaaValue(''), { issuer: '', parameters: [] });
  });

  for (const value of [
    'a..b',
    '-a',
    'a-',
    'a_b',
    'a b',
    'ca.example; a',
    'ca.example; =b',
    'ca.example; a=b c',
    'a;b=c;;d=e',
    'ca.example; a=\u00e4',
  ]) {
    it(`${JSON.stringify(value)} authorises nobody`, () => assert.equal(parseCaaValue(value), undefined));
  }

  it('never throws and never takes long', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (value) => void parseCaaValue(value)));
    assert.equal(parseCaaValue(`${'a'.repeat(60_000)}!`), undefined);
    assert.equal(parseCaaValue(`x;${'a-'.repeat(30_000)}`), undefined);
  });
});
