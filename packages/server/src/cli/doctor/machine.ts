/** Checks of the machine: Node, disk, files, name servers. */
import { Resolver } from 'node:dns/promises';
import { existsSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '../../config/config.ts';
import { checkTight } from '../../keys/modes.ts';
import { bad, type Finding, warn, well } from './finding.ts';

const oldestNode = 26;
const megabyte = 1_048_576;
/** Written for everybody to read. */
const publicFiles = ['root.pem'];
const resolverTimeout = 2_000;

/** Whether this Node can run the server. */
export function checkNode(): Finding {
  const [major = '0'] = process.versions.node.split('.');
  if (Number(major) >= oldestNode) return well('node', `version ${process.versions.node}`);
  return bad(
    'node',
    `version ${process.versions.node}`,
    `Use Node ${oldestNode}: npx tegata and npm start bring their own.`,
  );
}

/** Free space where the data are. */
export function checkDisk({ data }: Config): Finding {
  const folder = nearestFolder(data);
  const { bavail, bsize } = statfsSync(folder);
  const free = Math.floor((bavail * bsize) / megabyte);
  const detail = `${free.toLocaleString('en')} MiB free at ${folder}`;
  if (free < 100) return bad('disk', detail, 'Free some space; a full disk stops the server.');
  return free < 1_000 ? warn('disk', detail, 'Free some space before it runs out.') : well('disk', detail);
}

/** Whether the data folder and what is in it belong to this user alone. */
export function checkModes({ data }: Config): Finding {
  if (!existsSync(data)) return well('data folder', `${data} is made at the first start`);
  const private_ = readdirSync(data)
    .filter((name) => !publicFiles.includes(name))
    .map((name) => join(data, name));
  const loose = [data, ...private_].map((path) => checkTight(path, statSync(path))).filter((result) => !result.ok);
  const [first] = loose;
  if (first === undefined) return well('data folder', `${data} is closed to other users`);
  return bad(
    'data folder',
    first.error.detail,
    loose.length > 1 ? `There are ${loose.length} of these.` : 'Then start again.',
  );
}

/** Whether each name server answers at all. */
export async function checkResolvers({ acme }: Config): Promise<readonly Finding[]> {
  const { resolvers } = acme.validation;
  if (resolvers.length === 0) return [await checkResolver(undefined)];
  return Promise.all(resolvers.map(checkResolver));
}

async function checkResolver(server: string | undefined): Promise<Finding> {
  const check = `name server ${server ?? 'of the system'}`;
  const resolver = new Resolver({ timeout: resolverTimeout, tries: 1 });
  try {
    if (server !== undefined) resolver.setServers([server]);
    await resolver.resolveNs('.');
    return well(check, 'answers');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    // Any answer will do: some servers know no more than a few names of their own.
    if (['ENOTFOUND', 'ENODATA', 'EREFUSED', 'ESERVFAIL', 'ENOTIMP'].includes(code)) return well(check, 'answers');
    return warn(
      check,
      `does not answer (${code})`,
      'Names cannot be validated without it; see acme.validation.resolvers.',
    );
  }
}

function nearestFolder(path: string): string {
  return existsSync(path) ? path : nearestFolder(dirname(path));
}
