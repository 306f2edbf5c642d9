/**
 * Anti-replay nonces without storage: an encrypted counter, and a bitmap of the recent numbers that have been used.
 * @spec RFC 8555 §6.5
 * @spec RFC 8555 §6.5.1
 */
import { decodeBase64url, encodeBase64url } from '@tegata/core/codec/base64url';
import { createBlockCipher } from '@tegata/core/crypto';
import type { Random } from '@tegata/core/random';

export interface NonceWindow {
  /** A nonce that has never been given out. */
  issue(): string;
  /** Uses a nonce up. `unusable` when it is not one of ours, was used before, or is too old: the client gets a fresh one. */
  consume(nonce: string): 'accepted' | 'unusable' | 'malformed';
}

const defaultSize = 1 << 20;
const blockBytes = 16;
const noncePattern = /^[A-Za-z0-9_-]+$/;

/**
 * A nonce is the node's prefix and one AES block of 8 zero bytes and the number. The zeros authenticate it: under a random
 * permutation a block made up by somebody else decrypts to them once in 2^64 tries. The key lives as long as the process, so
 * nonces of an earlier run, or of another node, are unusable, which costs their holder one more request.
 * @param size numbers that can be outstanding, a power of two; older ones become unusable
 */
export function createNonceWindow(random: Random, size: number = defaultSize): NonceWindow {
  const cipher = createBlockCipher(random.bytes(32));
  const prefix = encodeBase64url(random.bytes(3));
  const used = new Uint8Array(size >>> 3);
  const block = new Uint8Array(blockBytes);
  const view = new DataView(block.buffer);
  let next = 0;

  const slotOf = (number: number): readonly [index: number, bit: number] => {
    const slot = number & (size - 1);
    return [slot >>> 3, 1 << (slot & 7)];
  };

  return {
    issue() {
      const [index, bit] = slotOf(next);
      used[index] = (used[index] as number) & ~bit;
      view.setBigUint64(8, BigInt(next));
      next += 1;
      return prefix + encodeBase64url(cipher.encrypt(block));
    },
    consume(nonce) {
      if (!noncePattern.test(nonce)) return 'malformed';
      const number = readNumber(nonce);
      if (number === undefined || number >= next || number < next - size) return 'unusable';
      const [index, bit] = slotOf(number);
      if (((used[index] as number) & bit) !== 0) return 'unusable';
      used[index] = (used[index] as number) | bit;
      return 'accepted';
    },
  };

  function readNumber(nonce: string): number | undefined {
    if (nonce.length !== prefix.length + 22 || !nonce.startsWith(prefix)) return undefined;
    const sealed = decodeBase64url(nonce.slice(prefix.length));
    if (sealed === undefined) return undefined;
    const opened = cipher.decrypt(sealed);
    const words = new DataView(opened.buffer, opened.byteOffset, blockBytes);
    return words.getBigUint64(0) === 0n ? Number(words.getBigUint64(8)) : undefined;
  }
}
