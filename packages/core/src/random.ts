/** Randomness as a value that is passed in. */
import { randomFill } from './crypto.ts';

export interface Random {
  /** `length` unpredictable bytes, owned by the caller. */
  bytes(length: number): Uint8Array;
}

const poolSize = 16_384;

/** The operating system's generator behind a pool: one system call serves about a thousand handles. */
export function systemRandom(): Random {
  const pool = new Uint8Array(poolSize);
  let used = poolSize;
  return {
    bytes(length) {
      if (length > poolSize) return randomFill(new Uint8Array(length));
      if (used + length > poolSize) {
        randomFill(pool);
        used = 0;
      }
      const taken = pool.slice(used, used + length);
      pool.fill(0, used, used + length);
      used += length;
      return taken;
    },
  };
}
