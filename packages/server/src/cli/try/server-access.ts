/** Where the running server is and which root it is trusted by, for the commands that try it out. */
import { encodePem } from '@tegata/core/codec/pem';
import { ok, type Result } from '@tegata/core/result';
import type { Config } from '../../config/config.ts';
import type { Store } from '../../ports/store.ts';
import { type CliFault, failure } from '../command.ts';
import { createHttpsClient, type HttpsClient } from './https-client.ts';

export interface ServerAccess {
  readonly issuer: string;
  readonly https: HttpsClient;
  /** PEM of the server's own root. */
  readonly root: string;
}

/** Reads the root from the store, so that it is the right one wherever the server runs. */
export async function accessServer(config: Config, store: Store): Promise<Result<ServerAccess, CliFault>> {
  if (config.issuer === undefined) {
    return failure('The server chose its port by itself, so its address is not known. Name it with --issuer URL.');
  }
  const [root] = (await store.keys.list('root-ca')).flatMap(({ certificate }) => certificate ?? []);
  if (root === undefined) return failure('There is no CA in this store yet. Start the server once: tegata serve');
  const pem = encodePem('CERTIFICATE', root);
  return ok({ issuer: config.issuer, https: createHttpsClient([pem]), root: pem });
}
