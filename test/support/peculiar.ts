/** The npm package @peculiar/x509, an independent implementation that serves as an oracle. */
import { createRequire } from 'node:module';

export type PeculiarX509 = typeof import('@peculiar/x509');

/** Loads it with the polyfill that it wants to find in place first and brings along itself. */
export async function loadPeculiar(): Promise<PeculiarX509> {
  createRequire(import.meta.resolve('@peculiar/x509'))('reflect-metadata');
  return import('@peculiar/x509');
}
