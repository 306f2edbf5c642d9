import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { commands } from './commands.ts';
import { runCli } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'tegata-cli-'));
after(() => rmSync(folder, { recursive: true }));

async function tegata(...words: readonly string[]) {
  let [stdout, stderr] = ['', ''];
  const code = await runCli(words, {
    out: (text) => {
      stdout += text;
    },
    err: (text) => {
      stderr += text;
    },
    input: Readable.from([]),
    environment: {},
    colour: false,
  });
  return { code, stdout, stderr };
}

describe('tegata: help', () => {
  for (const { name, summary } of commands) {
    it(`${name} --help says how it is called`, async () => {
      const { code, stdout, stderr } = await tegata(...name.split(' '), '--help');
      assert.deepEqual([code, stderr], [0, '']);
      assert.ok(stdout.startsWith(`Usage: tegata ${name} `), stdout);
      for (const option of ['--config FILE', '--json', '--help']) assert.ok(stdout.includes(option), option);
      assert.ok(stdout.toLowerCase().includes(summary.toLowerCase()));
      for (const line of stdout.split('\n')) assert.ok(line.length <= 130, `too wide: ${line}`);
    });
  }

  it('--help lists every command and the exit codes', async () => {
    const { code, stdout } = await tegata('--help');
    assert.equal(code, 0);
    for (const { name } of commands) assert.ok(stdout.includes(`  ${name} `), name);
    assert.match(stdout, /Exit codes: 0 .*1 .*2 .*3 /);
  });

  it('a group alone lists its commands', async () => {
    const { code, stdout } = await tegata('client', '--help');
    assert.equal(code, 0);
    assert.match(stdout, /client add/);
    assert.doesNotMatch(stdout, /user add/);
  });

  it('nothing at all is a misuse that gets the overview', async () => {
    const { code, stdout, stderr } = await tegata();
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /^Usage: tegata COMMAND/);
  });
});

describe('tegata: misuse', () => {
  const cases: Record<string, readonly [readonly string[], RegExp]> = {
    'an unknown command': [['sreve'], /no command "sreve"\.\nDid you mean: tegata serve/],
    'an unknown command of a group': [['client', 'ad'], /no command "client ad"\.\nDid you mean: tegata client add/],
    'a name of something else': [['constructor'], /no command "constructor"\.\nSee: tegata --help/],
    'an unknown option before any command': [['--frob'], /no command "--frob"/],
    'an unknown option': [
      ['client', 'list', '--jsn'],
      /no option --jsn; did you mean --json\?\nSee: tegata client list/,
    ],
    'an option named like a member of objects': [['doctor', '--constructor'], /no option --constructor/],
    'an option without its value': [['client', 'list', '--data'], /--data needs a value: --data DIR/],
    'an option that swallows the next one': [['client', 'list', '--data='], /--data needs a value/],
    'a value for an option without one': [['client', 'list', '--json=yes'], /--json takes no value/],
    'an option twice': [['client', 'list', '--data', 'a', '--data', 'b'], /--data is given twice/],
    'a missing operand': [['client', 'remove'], /CLIENT_ID is missing/],
    'an empty operand': [['client', 'remove', ''], /CLIENT_ID is missing/],
    'an operand too many': [['doctor', 'now'], /"now" is one word too many/],
    'an assignment without a value': [['doctor', '--set', 'log.level'], /--set KEY=VALUE/],
    'an address that is no name': [['try', 'certificate', '127.0.0.1'], /127\.0\.0\.1 is not a DNS name/],
  };
  for (const [name, [words, message]] of Object.entries(cases)) {
    it(`refuses ${name} with exit code 2`, async () => {
      const { code, stdout, stderr } = await tegata(...words);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, message);
    });
  }
});

describe('tegata: configuration', () => {
  it('config check lists all mistakes and exits with 3', async () => {
    const file = join(folder, 'bad.yaml');
    writeFileSync(file, 'listen: 1\nlog: { level: loud }\n');
    const { code, stdout, stderr } = await tegata('config', 'check', '--config', file, '--set', 'frob=1');
    assert.deepEqual([code, stdout], [3, '']);
    assert.match(stderr, /3 mistakes:\n {2}frob .*\n {2}listen .*line 1.*\n {2}log\.level .*line 2/);
  });

  for (const { name } of commands.filter(({ name }) => !/config|user/.test(name))) {
    it(`${name} refuses a configuration with mistakes before it does anything`, async () => {
      const operand = name === 'client remove' ? ['x'] : [];
      const { code } = await tegata(
        ...name.split(' '),
        ...operand,
        '--listen',
        'nonsense',
        '--data',
        join(folder, 'none'),
      );
      assert.equal(code, 3);
    });
  }

  it('config check --json says what the options come to', async () => {
    const { code, stdout } = await tegata(
      'config',
      'check',
      '--json',
      '--listen',
      '0.0.0.0:9',
      '--set',
      'http.listen=off',
    );
    assert.equal(code, 0);
    const { issuer, listen, http } = JSON.parse(stdout);
    assert.deepEqual([issuer, listen, http], ['https://localhost:9', '0.0.0.0:9', 'off']);
  });
});

describe('tegata: without a server', () => {
  const words = ['client list', 'client remove x', 'client add', 'ca show', 'try token', 'try certificate'];
  for (const name of words) {
    it(`${name} says that there is no database yet, and makes none`, async () => {
      const data = join(folder, 'nothing-here');
      const { code, stdout, stderr } = await tegata(...name.split(' '), '--data', data);
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(stderr, /^tegata: There is no database at .*nothing-here\/tegata\.db\. Start the server once .*\n$/);
    });
  }

  it('user add wants a password on standard input', async () => {
    const { code, stderr } = await tegata('user', 'add', 'kaede', '--data', folder);
    assert.equal(code, 1);
    assert.match(stderr, /No password came in/);
  });
});

describe('tegata: as a process', () => {
  it('hands the exit code on', () => {
    const main = fileURLToPath(new URL('main.ts', import.meta.url));
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'frob'], { encoding: 'utf8' });
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, /no command "frob"/);
  });
});
