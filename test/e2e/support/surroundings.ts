/** Surroundings in which a server can be run so that it meets what it otherwise would not: file modes, full disks, wrong clocks. */
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { requireProgram } from '../../support/require-program.ts';

/** Root reads and writes whatever it likes; without these rights it is a user like any other. */
const rightsBeyondModes = '-dac_override,-dac_read_search';

export interface Surroundings {
  readonly prefix: readonly string[];
  /** Value for the `skip` option of a test. */
  readonly skip: string | false;
}

/** Where file modes hold, also for root. */
export function obeyingModes(): Surroundings {
  if (process.getuid?.() !== 0) return { prefix: [], skip: false };
  const { path, skip } = requireProgram('setpriv', 'util-linux');
  return { prefix: [path, `--bounding-set=${rightsBeyondModes}`, `--inh-caps=${rightsBeyondModes}`], skip };
}

/** Where files cannot grow beyond four kilobytes. */
export function withoutSpace(): Surroundings {
  const { path, skip } = requireProgram('prlimit', 'util-linux');
  return { prefix: [path, '--fsize=4096:'], skip };
}

/** Environment in which the process sees a clock that is off by so many milliseconds. */
export function clockOff(milliseconds: number, folder: string): Readonly<Record<string, string>> {
  const path = join(folder, 'clock.mjs');
  writeFileSync(path, `const real = Date.now;\nDate.now = () => real() + ${milliseconds};\n`);
  return { NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import=${path}`.trim() };
}

/** A place for the database that can be filled up and cleared while a server runs on it. */
export interface SmallDisk {
  /** Prefix of the server that is to live on it. */
  readonly prefix: readonly string[];
  /** Where that server has its database, as it names it itself. */
  readonly database: string;
  fill(pid: number): void;
  clear(pid: number): void;
}

export interface DiskWay {
  readonly name: string;
  /**
   * @param mountPoint an empty folder
   * @param database path of a database to start from
   */
  open(mountPoint: string, database: string): SmallDisk;
  /** Prefix under which nothing can be stored from the start. */
  fullPrefix(mountPoint: string): readonly string[];
}

/**
 * Every way there is on this machine: a file system of a few megabytes, where mounting is allowed, seen by the server alone and gone
 * with it; and a limit on the size of files, which every process can have.
 */
export function findDiskWays(): readonly DiskWay[] {
  const userNamespace = ['unshare', '--user', '--map-root-user', '--mount'];
  const namespace = [['unshare', '--mount'], userNamespace].find(([program = '', ...args]) => {
    const tried = spawnSync(program, [...args, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']);
    return tried.status === 0;
  });
  return namespace === undefined ? [sizeLimit] : [fileSystem(namespace), sizeLimit];
}

function fileSystem(namespace: readonly string[]): DiskWay {
  const inNamespace = (size: string, mountPoint: string, database: string): readonly string[] => {
    const script = `mount -t tmpfs -o size=${size} tmpfs "$1" && cp "$2" "$1"/ && shift 2 && exec "$@"`;
    return [...namespace, 'sh', '-c', script, 'sh', mountPoint, database];
  };
  return {
    name: 'a file system without space',
    open(mountPoint, database) {
      const filler = (pid: number): string => join(`/proc/${pid}/root`, mountPoint, 'filler');
      return {
        prefix: inNamespace('12m', mountPoint, database),
        database: join(mountPoint, basename(database)),
        fill: (pid) => fillUp(filler(pid)),
        clear: (pid) => rmSync(filler(pid)),
      };
    },
    fullPrefix: (mountPoint) => inNamespace('64k', mountPoint, '/dev/null'),
  };
}

/** Writes until nothing more fits. */
function fillUp(path: string): void {
  for (const size of [1_048_576, 4096]) {
    const block = Buffer.alloc(size);
    for (let full = false; !full; ) {
      try {
        writeFileSync(path, block, { flag: 'a' });
      } catch {
        full = true;
      }
    }
  }
}

const sizeLimit: DiskWay = {
  name: 'files that may not grow',
  open: (_, database) => ({
    prefix: [],
    database,
    fill: (pid) => limitFiles(pid, '4096'),
    clear: (pid) => limitFiles(pid, 'unlimited'),
  }),
  fullPrefix: () => withoutSpace().prefix,
};

function limitFiles(pid: number, size: string): void {
  const { status, stderr } = spawnSync('prlimit', ['--pid', String(pid), `--fsize=${size}:`]);
  if (status !== 0) throw new Error(`prlimit: ${stderr}`);
}
