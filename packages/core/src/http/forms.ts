/**
 * Parameters of `application/x-www-form-urlencoded` bodies and queries, with repetition kept visible.
 * @spec RFC 6749 §3.1
 * @spec RFC 6749 §3.2
 */
import { decodeUtf8 } from '../codec/utf8.ts';
import { fail, ok, type Result } from '../result.ts';

export interface FormLimits {
  /** Longest accepted text in bytes. Default 65,536. */
  readonly maximumLength?: number;
  /** Most accepted parameters, empty ones included. Default 100. */
  readonly maximumParameters?: number;
}

export interface FormFault {
  readonly code: 'too_long' | 'too_many_parameters' | 'malformed';
  /** A sentence for whoever sent the form. */
  readonly detail: string;
}

/** What a form holds. A parameter without a value counts as not sent (RFC 6749 section 3.1). */
export interface FormParameters {
  /** The value, or the first one where the name is repeated. */
  get(name: string): string | undefined;
  /** All values in order: for the few parameters that may repeat (`resource`, RFC 8707). */
  all(name: string): readonly string[];
  has(name: string): boolean;
  /** Names with more than one value; nearly everywhere an `invalid_request`. */
  readonly repeated: readonly string[];
  names(): readonly string[];
}

const defaultMaximumLength = 65_536;
const defaultMaximumParameters = 100;
const none: readonly string[] = [];

/** Reads a request body or a query without its `?`. Refuses percent signs that are no escape, and escapes that are no UTF-8. */
export function parseForm(input: string | Uint8Array, limits: FormLimits = {}): Result<FormParameters, FormFault> {
  const maximumLength = limits.maximumLength ?? defaultMaximumLength;
  if (input.length > maximumLength) return fault('too_long', `The form is longer than ${maximumLength} bytes.`);
  const text = typeof input === 'string' ? input : decodeUtf8(input);
  if (text === undefined) return fault('malformed', 'The form is not valid UTF-8.');
  const maximumParameters = limits.maximumParameters ?? defaultMaximumParameters;
  const values = new Map<string, string | string[]>();
  let count = 0;
  for (let start = 0; start < text.length; ) {
    const ampersand = text.indexOf('&', start);
    const end = ampersand === -1 ? text.length : ampersand;
    if (end > start) {
      if (++count > maximumParameters) {
        return fault('too_many_parameters', `The form has more than ${maximumParameters} parameters.`);
      }
      if (!addParameter(values, text, start, end)) {
        return fault(
          'malformed',
          'The form has a percent sign that does not start a UTF-8 escape; write a literal "%" as "%25".',
        );
      }
    }
    start = end + 1;
  }
  return ok(formParameters(values));
}

function fault(code: FormFault['code'], detail: string): Result<never, FormFault> {
  return fail({ code, detail });
}

/** Adds the parameter written in `text` from `start` to `end`; `false` when it cannot be decoded. */
function addParameter(values: Map<string, string | string[]>, text: string, start: number, end: number): boolean {
  const equals = text.indexOf('=', start);
  const split = equals === -1 || equals > end ? end : equals;
  const name = decodeFormComponent(text.slice(start, split));
  const value = split === end ? '' : decodeFormComponent(text.slice(split + 1, end));
  if (name === undefined || value === undefined) return false;
  if (value === '') return true;
  const earlier = values.get(name);
  if (earlier === undefined) values.set(name, value);
  else if (typeof earlier === 'string') values.set(name, [earlier, value]);
  else earlier.push(value);
  return true;
}

/** Undoes form encoding of one name or value; `undefined` when a percent sign starts no UTF-8 escape. */
export function decodeFormComponent(text: string): string | undefined {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return undefined;
  }
}

function formParameters(values: ReadonlyMap<string, string | readonly string[]>): FormParameters {
  const repeated: string[] = [];
  for (const [name, value] of values) if (typeof value !== 'string') repeated.push(name);
  return {
    get(name) {
      const value = values.get(name);
      return typeof value === 'object' ? value[0] : value;
    },
    all(name) {
      const value = values.get(name);
      return value === undefined ? none : typeof value === 'string' ? [value] : value;
    },
    has: (name) => values.has(name),
    repeated,
    names: () => [...values.keys()],
  };
}
