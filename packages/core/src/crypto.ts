/** The only door to node:crypto: everything else in core and in the domain goes through these functions. */
import * as node from 'node:crypto';

export type KeyObject = node.KeyObject;

/** SHA-2 digest of `data`; one-shot, which is three times as fast as a Hash object for short input. */
export function digest(algorithm: 'sha1' | 'sha256' | 'sha384' | 'sha512', data: Uint8Array | string): Uint8Array {
  return node.hash(algorithm, data, 'buffer');
}

export function sha256(data: Uint8Array | string): Uint8Array {
  return node.hash('sha256', data, 'buffer');
}

export function hmacSha256(key: Uint8Array, data: Uint8Array | string): Uint8Array {
  return node.createHmac('sha256', key).update(data).digest();
}

/** Fills `target` from the operating system's generator and returns it. */
export function randomFill<T extends Uint8Array>(target: T): T {
  return node.randomFillSync(target);
}

/** Equality in time that depends on the lengths alone. */
export function constantTimeEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && node.timingSafeEqual(a, b);
}
