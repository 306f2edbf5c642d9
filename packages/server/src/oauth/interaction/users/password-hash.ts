/**
 * Password hashes: Argon2id in PHC strings, a few at a time.
 * @spec RFC 9106 §4
 * @spec NIST SP 800-63B §3.1.1.2
 */
import { decodeBase64 } from '@tegata/core/codec/base64';
import { encodeUtf8 } from '@tegata/core/codec/utf8';
import { type Argon2Cost, argon2id, constantTimeEqual } from '@tegata/core/crypto';
import type { Random } from '@tegata/core/random';
import { fail, ok, type Result } from '@tegata/core/result';

/** The present cost: 19 MiB, two passes, one lane, as OWASP recommends it at least. */
const currentCost: Argon2Cost = { memory: 19_456, passes: 2, parallelism: 1 };
/** A stored hash that asks for more than this is not ours. */
const greatestCost: Argon2Cost = { memory: 1_048_576, passes: 32, parallelism: 16 };
const saltLength = 16;
const tagLength = 32;
const phcPattern =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

/** Too many passwords are being checked at once; the client should come back in a moment. */
export type Busy = 'busy';

export interface Verification {
  readonly matches: boolean;
  /** Whether the hash was made with another cost than today's and should be made anew. */
  readonly outdated: boolean;
}

export interface PasswordHasher {
  /** PHC string of the password. */
  hash(password: string): Promise<Result<string, Busy>>;
  /** Compares; with `undefined` it takes the time of a comparison and never matches, so that unknown users do not show. */
  verify(password: string, stored: string | undefined): Promise<Result<Verification, Busy>>;
}

export interface PasswordHasherOptions {
  readonly random: Random;
  /** How many run at once; each takes 19 MiB and a core. Default 2. */
  readonly concurrency?: number;
  /** How many may wait for their turn; further ones are told that we are busy. Default 64. */
  readonly waiting?: number;
  readonly cost?: Argon2Cost;
}

interface StoredHash {
  readonly cost: Argon2Cost;
  readonly salt: Uint8Array;
  readonly tag: Uint8Array;
}

/** Creates the hasher; it owns the queue. */
export function createPasswordHasher(options: PasswordHasherOptions): PasswordHasher {
  const { random, concurrency = 2, waiting = 64, cost = currentCost } = options;
  const queue: (() => void)[] = [];
  let running = 0;

  const inTurn = async <T>(work: () => Promise<T>): Promise<Result<T, Busy>> => {
    if (running >= concurrency) {
      if (queue.length >= waiting) return fail('busy');
      await new Promise<void>((resolve) => queue.push(resolve));
    } else running += 1;
    try {
      return ok(await work());
    } finally {
      // The place is handed on rather than freed, so that a newcomer cannot overtake the queue.
      const next = queue.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };

  return {
    hash: (password) =>
      inTurn(async () => {
        const salt = random.bytes(saltLength);
        return formatPhc({ cost, salt, tag: await argon2id(passwordBytes(password), salt, cost, tagLength) });
      }),
    verify: (password, stored) =>
      inTurn(async () => {
        const known = stored === undefined ? undefined : parsePhc(stored);
        const {
          cost: storedCost,
          salt,
          tag,
        } = known ?? { cost, salt: new Uint8Array(saltLength), tag: new Uint8Array(tagLength) };
        const computed = await argon2id(passwordBytes(password), salt, storedCost, tag.byteLength);
        const matches = constantTimeEqual(computed, tag) && known !== undefined;
        return { matches, outdated: known !== undefined && !sameCost(storedCost, cost) };
      }),
  };
}

/** One text for all ways of typing it: composed or not, full width or half width. */
function passwordBytes(password: string): Uint8Array {
  return encodeUtf8(password.normalize('NFKC'));
}

function sameCost(a: Argon2Cost, b: Argon2Cost): boolean {
  return a.memory === b.memory && a.passes === b.passes && a.parallelism === b.parallelism;
}

function formatPhc({ cost, salt, tag }: StoredHash): string {
  const { memory, passes, parallelism } = cost;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`;
}

/** Reads a PHC string; `undefined` for other algorithms, other encodings and costs that would stop the server. */
function parsePhc(text: string): StoredHash | undefined {
  const match = phcPattern.exec(text);
  if (match === null) return undefined;
  const cost = { memory: Number(match[1]), passes: Number(match[2]), parallelism: Number(match[3]) };
  const salt = decodeBase64(padded(match[4] ?? ''));
  const tag = decodeBase64(padded(match[5] ?? ''));
  const affordable =
    cost.memory >= 8 * cost.parallelism &&
    cost.memory <= greatestCost.memory &&
    cost.passes >= 1 &&
    cost.passes <= greatestCost.passes &&
    cost.parallelism >= 1 &&
    cost.parallelism <= greatestCost.parallelism;
  return salt === undefined || tag === undefined || !affordable ? undefined : { cost, salt, tag };
}

function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}

function padded(text: string): string {
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}
