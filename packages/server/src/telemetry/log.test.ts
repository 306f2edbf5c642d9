import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { createHandle, formatHandle } from '@tegata/core/id';
import { systemRandom } from '@tegata/core/random';
import { Secret } from '@tegata/core/secret';
import { createLog, type LogOptions } from './log.ts';

const collect = (options: Partial<LogOptions> = {}) => {
  const lines: string[] = [];
  const output = createLog({ level: 'info', format: 'json', ...options, write: (line) => void lines.push(line) });
  return { ...output, lines, text: () => lines.join('') };
};

describe('log: secrets', () => {
  const handle = createHandle(1_700_000_000_000, systemRandom());
  const token = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1c3JfMSJ9.c2lnbmF0dXJl';
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

  const cases: Record<string, readonly [Record<string, unknown>, string]> = {
    'a value of type Secret, under any name': [{ harmless: new Secret('hunter2hunter2') }, 'hunter2hunter2'],
    'a field with the name of a secret': [{ client_secret: 'plain-words' }, 'plain-words'],
    'a field with the name of a secret in other letters': [{ deep: { 'Set-Cookie': 'a=plain-words' } }, 'plain-words'],
    'the secret part of a handle inside a text': [{ note: `got ${formatHandle(handle)}!` }, handle.secret],
    'a signed token inside a text': [{ note: `Bearer ${token}` }, 'eyJzdWIi'],
    'a token inside the message of an error': [{ err: new Error(`bad ${token}`) }, 'eyJzdWIi'],
    'a token inside the cause of an error': [{ err: new Error('x', { cause: new Error(token) }) }, 'eyJzdWIi'],
    'a token inside a list': [{ list: [[token]] }, 'eyJzdWIi'],
    'a private key as PEM': [{ note: pem }, pem.split('\n')[1] as string],
    'a private key as object': [{ key: privateKey }, '"d"'],
    'raw bytes': [{ bytes: Buffer.from('hunter2hunter2') }, 'hunter2'],
    'the password of a URL': [{ url: 'postgres://me:hunter2@db/x' }, 'hunter2'],
  };
  for (const [name, [fields, secret]] of Object.entries(cases)) {
    it(`never writes ${name}`, () => {
      const { log, text } = collect();
      log.info(fields, 'message');
      assert.match(text(), /"msg":"message"/);
      assert.ok(!text().includes(secret), text());
    });
  }

  it('masks the message as well', () => {
    const { log, text } = collect();
    log.warn({}, `refused ${token} and ${formatHandle(handle)}`);
    assert.ok(!text().includes('eyJzdWIi') && !text().includes(handle.secret));
    assert.ok(text().includes(handle.id), 'the id of a handle finds its row and may stay');
  });
});

describe('log: form', () => {
  it('writes one JSON object per line, with level, time and request id', () => {
    const { log, lines } = collect();
    log.error({ requestId: 'r1', status: 500, err: new TypeError('broken') }, 'It broke.');
    const line = JSON.parse(lines[0] as string);
    assert.equal(line.level, 'error');
    assert.equal(typeof line.time, 'number');
    assert.deepEqual([line.requestId, line.status, line.msg], ['r1', 500, 'It broke.']);
    assert.equal(line.err.type, 'TypeError');
    assert.match(line.err.stack, /log\.test\.ts/);
  });

  it('leaves out what is below its level, and everything when it is off', () => {
    const quiet = collect({ level: 'warn' });
    quiet.log.info({}, 'no');
    quiet.log.warn({}, 'yes');
    assert.equal(quiet.lines.length, 1);
    const off = collect({ level: 'off' });
    off.log.error({}, 'no');
    assert.equal(off.lines.length, 0);
  });

  it('cuts down what is circular, deep, long or not JSON', () => {
    const circle: Record<string, unknown> = { big: 1n, list: Array.from({ length: 1000 }, () => 1) };
    circle.self = circle;
    const { log, text } = collect();
    log.info({ circle, text: 'x'.repeat(100_000) }, 'message');
    assert.ok(text().length < 10_000, `${text().length} characters`);
  });

  it('writes text for people: time, level, message, fields, and the stack below', () => {
    const { log, text } = collect({ format: 'text' });
    log.warn({ client: 'app one', port: 80, err: new Error('why') }, 'Something odd.');
    assert.match(text(), /^\d\d:\d\d:\d\d warn {2}Something odd\. client="app one" port=80\n {4}Error: why\n {8}at /);
  });
});
