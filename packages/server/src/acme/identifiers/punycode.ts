/**
 * What an A-label stands for.
 * @spec RFC 3492 §6.2
 * @spec RFC 5891 §5.3
 */

const base = 36;
const tMin = 1;
const tMax = 26;
const skew = 38;
const damp = 700;
const initialBias = 72;
const initialCodePoint = 128;

/** The text of a lower-case punycode string without `xn--`; `undefined` when it is not well formed. */
export function decodePunycode(input: string): string | undefined {
  const delimiter = input.lastIndexOf('-');
  const output = delimiter > 0 ? Array.from(input.slice(0, delimiter), (character) => character.charCodeAt(0)) : [];
  let position = delimiter > 0 ? delimiter + 1 : 0;
  let codePoint = initialCodePoint;
  let index = 0;
  let bias = initialBias;
  while (position < input.length) {
    const before = index;
    let weight = 1;
    for (let k = base; ; k += base) {
      const digit = readDigit(input.charCodeAt(position++));
      if (digit === undefined) return undefined;
      index += digit * weight;
      const threshold = k <= bias ? tMin : k >= bias + tMax ? tMax : k - bias;
      if (digit < threshold) break;
      weight *= base - threshold;
      if (weight > Number.MAX_SAFE_INTEGER / base) return undefined;
    }
    const length = output.length + 1;
    bias = adapt(index - before, length, before === 0);
    codePoint += Math.floor(index / length);
    index %= length;
    if (codePoint > 0x10ffff) return undefined;
    output.splice(index++, 0, codePoint);
  }
  return String.fromCodePoint(...output);
}

/** a to z are 0 to 25, 0 to 9 are 26 to 35; `NaN`, past the end, is none. */
function readDigit(code: number): number | undefined {
  if (code >= 0x61 && code <= 0x7a) return code - 0x61;
  if (code >= 0x30 && code <= 0x39) return code - 0x30 + 26;
  return undefined;
}

function adapt(delta: number, length: number, first: boolean): number {
  let rest = first ? Math.floor(delta / damp) : Math.floor(delta / 2);
  rest += Math.floor(rest / length);
  let k = 0;
  for (; rest > ((base - tMin) * tMax) >> 1; k += base) rest = Math.floor(rest / (base - tMin));
  return k + Math.floor(((base - tMin + 1) * rest) / (rest + skew));
}
