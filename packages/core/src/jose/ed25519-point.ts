/**
 * Whether 32 bytes are a usable Ed25519 public key: a canonical point of the curve, of large order.
 * OpenSSL takes any 32 bytes as a key, and with a point of small order one signature fits many messages.
 * @spec RFC 8032 §5.1.3
 * @spec RFC 8725 §3.4
 */

const p = 2n ** 255n - 19n;
const d = 0x52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3n;
/** The y coordinate (up to sign) of the points of order 8; the others of small order have y = 0, 1 and -1. */
const order8 = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;
const smallOrder = new Set([0n, 1n, p - 1n, order8, p - order8]);

/** Whether `encoded` (32 bytes, little-endian y with the sign of x on top) decodes to a point that is safe to verify with. */
export function isSoundEd25519Point(encoded: Uint8Array): boolean {
  let y = 0n;
  for (let at = 31; at >= 0; at--) y = (y << 8n) | BigInt(encoded[at] as number);
  y &= (1n << 255n) - 1n;
  if (y >= p || smallOrder.has(y)) return false;
  // x^2 = (y^2 - 1) / (d y^2 + 1); a quotient is a square when the product is.
  const ySquared = (y * y) % p;
  return isSquare(((ySquared - 1n) * (d * ySquared + 1n)) % p);
}

/** Euler's criterion. Never called with 0: y = 1 and y = -1 are excluded, and d y^2 + 1 has no root. */
function isSquare(value: bigint): boolean {
  let result = 1n;
  let base = value;
  for (let exponent = (p - 1n) / 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % p;
    base = (base * base) % p;
  }
  return result === 1n;
}
