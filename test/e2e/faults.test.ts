/** What keeps a server from starting: one sentence that says what to do, nothing changed, and once it is mended all is there. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { freePort } from '../support/free-port.ts';
import type { ServerOptions } from '../support/server.ts';
import { createInstallation, type Installation } from './support/installation.ts';
import { addApp, requestsOf, type TestApp } from './support/passes.ts';
import { type Rows, readRows } from './support/rows.ts';
import { clockOff, obeyingModes } from './support/surroundings.ts';
import { createWeb } from './support/web.ts';

interface Fault {
  readonly name: string;
  /** Brings the fault about; how to mend it, and what the start is told. */
  readonly arrange: () => Arranged | Promise<Arranged>;
  /** What the one sentence has to say: what is wrong and what to do. */
  readonly says: RegExp;
  readonly skip?: string | false;
}

interface Arranged {
  readonly mend?: () => void | Promise<void>;
  readonly options?: Pick<ServerOptions, 'config' | 'env' | 'prefix'>;
}

/** Tables that a start writes to before it can know that it will fail. */
const recorded = ['audit', 'leases', 'one_time'];

let installation: Installation;
let app: TestApp;
let root: string;
let stored: Rows;

before(async () => {
  installation = await createInstallation();
  const server = await installation.start();
  app = await addApp(server, 'app');
  root = server.root;
  assert.equal(await server.stop(), 0);
  stored = readRows(installation.database, recorded);
});
after(() => installation.remove());

async function occupy(port: number): Promise<Arranged> {
  const holder = createServer().listen(port, 'localhost');
  await once(holder, 'listening');
  return {
    mend: async () => {
      holder.close();
      await once(holder, 'close');
    },
  };
}

/** Another mode for a while. */
function withMode(path: string, mode: number, options: Arranged['options'] = {}): Arranged {
  const before = statSync(path).mode & 0o777;
  chmodSync(path, mode);
  return { mend: () => chmodSync(path, before), options };
}

/** Damages a file for a while; the start must not have touched it any further. */
function damaged(path: string, damage: (path: string) => void): Arranged {
  const kept = `${path}.kept`;
  cpSync(path, kept);
  damage(path);
  const content = readFileSync(path);
  return {
    mend: () => {
      assert.ok(content.equals(readFileSync(path)), `${path} was changed`);
      renameSync(kept, path);
      chmodSync(path, 0o600);
    },
  };
}

/** Overwrites bytes of a file. */
function scribble(path: string, at: number, bytes: Buffer): void {
  const content = readFileSync(path);
  bytes.copy(content, at);
  writeFileSync(path, content);
}

function inDatabase(path: string, statement: string): void {
  const connection = new DatabaseSync(path);
  connection.exec(statement);
  connection.close();
}

const modes = obeyingModes();
const pages = Buffer.alloc(8192, 0xa5);
const data = (name: string): string => join(installation.data, name);

const faults: readonly Fault[] = [
  {
    name: 'the port is in use',
    arrange: () => occupy(installation.ports.port),
    says: /port \d+ .*in use.*(stop|choose)/i,
  },
  {
    name: 'the port of plain HTTP is in use',
    arrange: () => occupy(installation.ports.plainPort),
    says: /port \d+ .*in use.*(stop|choose)/i,
  },
  {
    name: 'the port of the metrics is in use',
    arrange: () => occupy(installation.ports.metricsPort),
    says: /port \d+ .*in use.*(stop|choose)/i,
  },
  {
    name: 'an address that is not of this machine',
    arrange: () => ({ options: { config: { listen: '192.0.2.1:8443' } } }),
    says: /192\.0\.2\.1 .*choose/,
  },
  {
    name: 'another server runs on the folder',
    arrange: async () => {
      const other = await installation.start();
      return { mend: async () => assert.equal(await other.stop(), 0) };
    },
    says: /another server.*stop it/i,
  },
  {
    name: 'the data folder would be below a file',
    arrange: () => ({ options: { config: { data: join(installation.folder, 'tegata.yaml/data') } } }),
    says: /tegata\.yaml\/data.*(check|choose)/,
  },
  {
    name: 'the data folder is a file',
    arrange: () => ({ options: { config: { data: join(installation.folder, 'tegata.yaml') } } }),
    says: /not a folder.*choose/,
  },
  {
    name: 'the data folder is open to others',
    arrange: () => withMode(installation.data, 0o755),
    says: /open to other users.*chmod 700/,
  },
  {
    name: 'the key file is open to others',
    arrange: () => withMode(data('master.key'), 0o644),
    says: /master\.key is open to other users.*chmod 600/,
  },
  {
    name: 'the database is open to others',
    arrange: () => withMode(installation.database, 0o644),
    says: /tegata\.db is open to other users.*chmod 600/,
  },
  {
    name: 'the data folder is read-only',
    skip: modes.skip,
    arrange: () => withMode(installation.data, 0o500, { prefix: modes.prefix }),
    says: /cannot.*(writable|owner)/i,
  },
  {
    name: 'the database is read-only',
    skip: modes.skip,
    arrange: () => withMode(installation.database, 0o400, { prefix: modes.prefix }),
    says: /cannot.*writable/i,
  },
  {
    name: 'the key file cannot be read',
    skip: modes.skip,
    arrange: () => withMode(data('master.key'), 0o000, { prefix: modes.prefix }),
    says: /master\.key cannot be read.*owner/,
  },
  {
    name: 'the key file is missing',
    arrange: () => {
      renameSync(data('master.key'), data('elsewhere'));
      return { mend: () => renameSync(data('elsewhere'), data('master.key')) };
    },
    says: /master\.key is missing.*restore/,
  },
  {
    name: 'the key file is cut off',
    arrange: () => damaged(data('master.key'), (path) => truncateSync(path, 20)),
    says: /master\.key is damaged.*restore/,
  },
  {
    name: 'the key file is empty',
    arrange: () => damaged(data('master.key'), (path) => truncateSync(path, 0)),
    says: /master\.key is damaged.*restore/,
  },
  {
    name: 'the key file is another one',
    arrange: () => damaged(data('master.key'), (path) => writeFileSync(path, `tegata-key-1:${'A'.repeat(43)}\n`)),
    says: /not the one.*restore/,
  },
  {
    name: 'a passphrase is given that the store does not have',
    arrange: () => ({ options: { env: { TEGATA_PASSPHRASE: 'correct horse battery staple' } } }),
    says: /key file.*without the passphrase/,
  },
  {
    name: 'the database has no header any more',
    arrange: () => damaged(installation.database, (path) => scribble(path, 0, pages.subarray(0, 100))),
    says: /damaged or not a database.*restore/i,
  },
  {
    name: 'the database is cut off',
    arrange: () => damaged(installation.database, (path) => truncateSync(path, 4096 * 7)),
    says: /(damaged|malformed).*restore/i,
  },
  {
    name: 'the database has two pages of something else',
    arrange: () => damaged(installation.database, (path) => scribble(path, 4096 * 3, pages)),
    says: /(damaged|malformed).*restore/i,
  },
  {
    name: 'the database is of a newer version',
    arrange: () => {
      const newest = 'INSERT INTO schema_migrations (number, name, checksum, applied_at) VALUES (99, ';
      inDatabase(installation.database, `${newest}'later', 'x', 0)`);
      return { mend: () => inDatabase(installation.database, 'DELETE FROM schema_migrations WHERE number = 99') };
    },
    says: /newer.*(start|restore)/i,
  },
  {
    name: 'the database is another program’s',
    arrange: () => {
      const path = join(installation.folder, 'other.db');
      inDatabase(path, 'CREATE TABLE IF NOT EXISTS notes (text)');
      return { options: { config: { store: { url: `sqlite:${path}` } } } };
    },
    says: /another program.*(name another file|store\.url)/i,
  },
  {
    name: 'the database is a folder',
    arrange: () => {
      mkdirSync(join(installation.folder, 'folder.db'), { recursive: true });
      return { options: { config: { store: { url: `sqlite:${join(installation.folder, 'folder.db')}` } } } };
    },
    says: /cannot be opened.*store\.url/i,
  },
  {
    name: 'the clock was set back by a day',
    arrange: () => ({ options: { env: clockOff(-86_400_000, installation.folder) } }),
    says: /clock says .*set the clock/,
  },
  {
    name: 'PostgreSQL cannot be reached',
    arrange: async () => ({
      options: { config: { store: { url: `postgres://tegata:secret-word@127.0.0.1:${await freePort()}/tegata` } } },
    }),
    says: /PostgreSQL.*cannot be reached.*check/i,
  },
  {
    name: 'the files of the certificate are not there',
    arrange: () => {
      const missing = join(installation.folder, 'missing.pem');
      return { options: { config: { tls: { mode: 'files', certificateFile: missing, keyFile: missing } } } };
    },
    says: /missing\.pem/,
  },
  {
    name: 'there is no place for the root certificate',
    arrange: () => {
      rmSync(data('root.pem'));
      mkdirSync(data('root.pem'));
      return { mend: () => rmSync(data('root.pem'), { recursive: true }) };
    },
    says: /root\.pem cannot be written/,
  },
];

describe('a start that cannot succeed', () => {
  for (const { name, arrange, says, skip = false } of faults) {
    it(`says what to do when ${name}, and loses nothing`, { skip }, async () => {
      const { mend, options = {} } = await arrange();
      try {
        const { code, stdout, stderr } = await installation.tegata(['serve'], options);
        assert.notEqual(code, 0);
        assert.notEqual(code, null);
        assert.equal(stdout, '');
        assertOneSentence(stderr, says);
      } finally {
        await mend?.();
      }
      assert.deepEqual(readRows(installation.database, recorded), stored);
    });
  }

  it('leaves everything as it was: the next start works with the same root and the same clients', async () => {
    const server = await installation.start();
    try {
      assert.equal(server.root, root);
      const web = createWeb(server.port, server.root);
      const answer = await requestsOf(web, app).clientCredentials();
      assert.equal(answer.status, 200, answer.text);
      web.close();
    } finally {
      assert.equal(await server.stop(), 0);
    }
  });
});

describe('a store under a passphrase', () => {
  it('opens with that passphrase only, and is the same afterwards', async () => {
    const guarded = await createInstallation();
    try {
      const right = { TEGATA_PASSPHRASE: 'correct horse battery staple' };
      const first = await guarded.start({ env: right });
      assert.equal(await first.stop(), 0);
      const before = readRows(guarded.database, recorded);
      const attempts: readonly [Readonly<Record<string, string>>, RegExp][] = [
        [
          { TEGATA_PASSPHRASE: 'wrong horse battery staple' },
          /passphrase .*is wrong for this store.*nothing was changed/,
        ],
        [{}, /protected by a passphrase.*give it by/],
      ];
      for (const [env, says] of attempts) {
        const { code, stderr } = await guarded.tegata(['serve'], { env });
        assert.notEqual(code, 0);
        assertOneSentence(stderr, says);
      }
      assert.deepEqual(readRows(guarded.database, recorded), before);
      assert.equal(existsSync(join(guarded.data, 'master.key')), false, 'no key file is made beside a passphrase');
      const again = await guarded.start({ env: right });
      assert.equal(again.root, first.root);
      assert.equal(await again.stop(), 0);
    } finally {
      guarded.remove();
    }
  });
});

/** One line for people: no trace, no code of an exception alone, no secret. */
function assertOneSentence(stderr: string, says: RegExp): void {
  assert.match(stderr, /^tegata: [^\n]+\n$/);
  assert.match(stderr, says);
  assert.doesNotMatch(stderr, / at \S+ \(|\.ts:\d|unexpected|secret-word|\bundefined\b/);
}
