import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

const folder = mkdtempSync(join(tmpdir(), 'tegata-report-'));
after(() => rmSync(folder, { recursive: true }));

/** Node's runner cannot run inside itself, so the run to be reported happens in another process. */
function report(files: Readonly<Record<string, string>>, skipsFail = false) {
  const paths = Object.entries(files).map(([name, text]) => {
    const path = join(folder, name);
    writeFileSync(path, `import { describe, it } from 'node:test';\nimport assert from 'node:assert/strict';\n${text}`);
    return path;
  });
  const script = `
    import { run } from 'node:test';
    import { reportRun } from ${JSON.stringify(new URL('report.ts', import.meta.url).href)};
    const { success } = await reportRun(run({ files: ${JSON.stringify(paths)} }), {
      write: (line) => console.log(line), shorten: (path) => path.split('/').at(-1), skipsFail: ${skipsFail},
    });
    console.log(success ? 'SUCCESS' : 'NO SUCCESS');`;
  writeFileSync(join(folder, 'run.mjs'), script);
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  return spawnSync(process.execPath, [join(folder, 'run.mjs')], { encoding: 'utf8', env }).stdout;
}

describe('test report', () => {
  it('says a line per file and the counts at the end', () => {
    const text = report({ 'a.test.ts': "it('one', () => {}); describe('g', () => it('two', () => {}));" });
    assert.match(text, /^ok {2}.* 2 {2}a\.test\.ts$/m);
    assert.match(text, /ℹ tests 2\nℹ pass 2\nℹ fail 0\nℹ cancelled 0\nℹ skipped 0\nSUCCESS\n$/);
  });

  it('names failures with their cause', () => {
    const text = report({ 'b.test.ts': "describe('g', () => it('wrong', () => assert.equal(1, 2)));" });
    assert.match(text, /Failed:\n {2}b\.test\.ts: wrong\n[\s\S]*1 !== 2/);
    assert.match(text, /ℹ fail 1\n[\s\S]*NO SUCCESS/);
  });

  it('shows what a file said that could not even start', () => {
    const text = report({ 'c.test.ts': "import './absent.ts';" });
    assert.match(text, /Cannot find module[\s\S]*absent\.ts[\s\S]*NO SUCCESS/);
  });

  const skipping = { 'd.test.ts': "it('needs it', { skip: 'openssl is not installed' }, () => {});" };

  it('names skips with their reason', () => {
    assert.match(
      report(skipping),
      /Skipped:\n {2}d\.test\.ts: needs it\n {4}openssl is not installed\n[\s\S]*SUCCESS\n$/,
    );
  });

  it('takes skips for failures where it is told to', () => {
    assert.match(report(skipping, true), /NO SUCCESS/);
  });
});
