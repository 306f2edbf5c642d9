/**
 * JSON read strictly: one meaning for every accepted text, bounded in length and depth.
 * @spec RFC 8259 §4
 * @spec RFC 7493 §2
 */
import { fail, ok, type Result } from '../result.ts';
import { decodeUtf8 } from './utf8.ts';

/** A JSON value as the wire carries it. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** A JSON object; a name that was not sent reads as `undefined`. */
export interface JsonObject {
  readonly [name: string]: JsonValue | undefined;
}

export interface JsonLimits {
  /** Longest accepted text, in bytes (in UTF-16 units where a string is given). Default 131,072. */
  readonly maximumLength?: number;
  /** Deepest accepted nesting of arrays and objects. Default 32. */
  readonly maximumDepth?: number;
}

export interface JsonFault {
  readonly code:
    | 'too_long'
    | 'not_utf8'
    | 'syntax'
    | 'too_deep'
    | 'duplicate_member'
    | 'unrepresentable'
    | 'not_an_object';
  /** A sentence for whoever sent the text. */
  readonly detail: string;
}

const defaultMaximumLength = 131_072;
const defaultMaximumDepth = 32;

/**
 * Reads one JSON text. Refused besides wrong syntax: a member name twice in one object (also when spelled with escapes), invalid
 * UTF-8, a byte order mark, unpaired surrogates, numbers beyond the range of a double, member names with quotes, backslashes or
 * control characters, and whatever exceeds `limits`. A member called `__proto__` becomes an ordinary own member.
 */
export function parseJson(input: string | Uint8Array, limits: JsonLimits = {}): Result<JsonValue, JsonFault> {
  const maximumLength = limits.maximumLength ?? defaultMaximumLength;
  if (input.length > maximumLength) return fault('too_long', `The JSON text is longer than ${maximumLength} bytes.`);
  const received = typeof input === 'string' ? input : decodeUtf8(input);
  if (received === undefined)
    return fault('not_utf8', 'The JSON text is not valid UTF-8, or starts with a byte order mark.');
  let text: string | undefined;
  let value: JsonValue = null;
  try {
    text = received.includes('\\') ? respellNames(received) : received;
    if (text !== undefined) value = JSON.parse(text);
  } catch {
    return fault('syntax', 'The text is not valid JSON.');
  }
  if (text === undefined) {
    return fault('unrepresentable', 'A member name of the JSON text has a quote, a backslash or a control character.');
  }
  const maximumDepth = limits.maximumDepth ?? defaultMaximumDepth;
  const members = countMembers(value, maximumDepth, text.includes('\\u') || !text.isWellFormed());
  if (members === tooDeep) return fault('too_deep', `The JSON text is nested deeper than ${maximumDepth} levels.`);
  if (members === unrepresentable) {
    return fault('unrepresentable', 'The JSON text has a number out of range or an unpaired surrogate.');
  }
  if (members !== countNames(text)) {
    return fault('duplicate_member', 'The JSON text has a member name twice in one object.');
  }
  return ok(value);
}

/** Like `parseJson`, and the value must be an object. */
export function parseJsonObject(input: string | Uint8Array, limits: JsonLimits = {}): Result<JsonObject, JsonFault> {
  const parsed = parseJson(input, limits);
  if (!parsed.ok) return parsed;
  return isJsonObject(parsed.value) ? ok(parsed.value) : fault('not_an_object', 'The JSON text is not an object.');
}

/** Whether `value` is an object, that is neither an array nor null. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fault(code: JsonFault['code'], detail: string): Result<never, JsonFault> {
  return fail({ code, detail });
}

const tooDeep = -1;
const unrepresentable = -2;

/**
 * Members of all objects within `value` (JSON.parse has already dropped repeated ones), or a fault.
 * @param odd whether strings can hold unpaired surrogates, which is rare and costs a look at each
 */
function countMembers(value: JsonValue, levels: number, odd: boolean): number {
  if (typeof value === 'string') return odd && !value.isWellFormed() ? unrepresentable : 0;
  if (typeof value === 'number') return Number.isFinite(value) ? 0 : unrepresentable;
  if (typeof value !== 'object' || value === null) return 0;
  if (levels === 0) return tooDeep;
  let count = 0;
  if (isArray(value)) {
    for (const element of value) {
      const within = countMembers(element, levels - 1, odd);
      if (within < 0) return within;
      count += within;
    }
    return count;
  }
  for (const name in value) {
    if (odd && !name.isWellFormed()) return unrepresentable;
    const within = countMembers(value[name] as JsonValue, levels - 1, odd);
    if (within < 0) return within;
    count += within + 1;
  }
  return count;
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

const backslash = 0x5c;
const colon = 0x3a;

/** Member names written in `text`. */
function countNames(text: string): number {
  let count = 0;
  forEachName(text, () => {
    count++;
  });
  return count;
}

/**
 * The same text with member names that need no escape written without any, or `undefined` where one needs an escape.
 * V8 can read an escaped name as a single backslash once somebody has sent such a name (github.com/nodejs/node/issues/63785),
 * so JSON.parse must see none.
 * @throws for a name that is no JSON string
 */
function respellNames(text: string): string | undefined {
  let plain = '';
  let copied = 0;
  let representable = true;
  forEachName(text, (start, end) => {
    const literal = text.slice(start, end + 1);
    if (!literal.includes('\\')) return;
    const name: string = JSON.parse(literal);
    if (JSON.stringify(name).includes('\\')) representable = false;
    plain += `${text.slice(copied, start)}"${name}"`;
    copied = end + 1;
  });
  return representable ? plain + text.slice(copied) : undefined;
}

/** Calls `visit` with the quotes around each member name: each string that a colon follows. Stops where a string does not end. */
function forEachName(text: string, visit: (start: number, end: number) => void): void {
  for (let start = text.indexOf('"'); start !== -1; ) {
    const end = endOfString(text, start);
    if (end === -1) return;
    let next = end + 1;
    let code = text.charCodeAt(next);
    while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) code = text.charCodeAt(++next);
    if (code === colon) visit(start, end);
    start = text.indexOf('"', next);
  }
}

/** Where the string that opens at `start` closes. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (text.charCodeAt(end - 1) === backslash) {
    let before = end - 2;
    while (text.charCodeAt(before) === backslash) before--;
    if ((end - before) % 2 === 1) break;
    end = text.indexOf('"', end + 1);
  }
  return end;
}
