/**
 * Textual encoding of DER, in the strict grammar.
 * @spec RFC 7468 §2
 * @spec RFC 7468 §3
 */
import { fail, ok, type Result } from '../result.ts';

const lineWidth = 64;
/** Files longer than this are refused unread: no chain or key comes near. */
const sizeLimit = 1 << 20;

/** `der` between its two boundary lines, 64 characters a line, ending in a line feed. */
export function encodePem(label: string, der: Uint8Array): string {
  const base64 = Buffer.from(der.buffer, der.byteOffset, der.byteLength).toString('base64');
  let text = `-----BEGIN ${label}-----\n`;
  for (let at = 0; at < base64.length; at += lineWidth) text += `${base64.slice(at, at + lineWidth)}\n`;
  return `${text}-----END ${label}-----\n`;
}

/**
 * Every message in `text`, at least one, all of them labelled `label`, with nothing but empty lines between them.
 * @returns or else a sentence for the person who supplied the file, naming the line
 */
export function decodePem(text: string, label: string): Result<readonly Uint8Array[], string> {
  if (text.length > sizeLimit) return fail(`PEM text is longer than ${sizeLimit} characters`);
  const lines = text.split(/\r\n|\n|\r/);
  const messages: Uint8Array[] = [];
  for (let at = 0; at < lines.length; at++) {
    if (lines[at] === '') continue;
    const message = decodeMessage(lines, at, label);
    if (!message.ok) return message;
    messages.push(message.value.der);
    at = message.value.lastLine;
  }
  return messages.length > 0 ? ok(messages) : fail(`no -----BEGIN ${label}----- line found`);
}

interface Message {
  readonly der: Uint8Array;
  /** Index of the line with the closing boundary. */
  readonly lastLine: number;
}

function decodeMessage(lines: readonly string[], first: number, label: string): Result<Message, string> {
  if (lines[first] !== `-----BEGIN ${label}-----`) return fail(describeUnexpected(lines[first] ?? '', first, label));
  const closing = `-----END ${label}-----`;
  let lastLine = first + 1;
  while (lastLine < lines.length && !lines[lastLine]?.startsWith('-----')) lastLine++;
  if (lastLine === lines.length) return fail(`line ${first + 1}: no ${closing} line follows`);
  if (lines[lastLine] !== closing) return fail(`line ${lastLine + 1}: expected ${closing}`);
  for (let at = first + 1; at < lastLine; at++) {
    const width = lines[at]?.length ?? 0;
    if (width > lineWidth) return fail(`line ${at + 1}: longer than ${lineWidth} characters`);
    if (width < lineWidth && at < lastLine - 1) {
      return fail(`line ${at + 1}: shorter than ${lineWidth} characters, but not the last one`);
    }
  }
  const base64 = lines.slice(first + 1, lastLine).join('');
  const der = Buffer.from(base64, 'base64');
  // Only canonical base64 survives the way there and back: right alphabet, padding present, no spare bits.
  if (base64 === '' || der.toString('base64') !== base64) {
    return fail(`line ${first + 2}: the text up to line ${lastLine} is not canonical base64`);
  }
  return ok({ der, lastLine });
}

function describeUnexpected(line: string, at: number, label: string): string {
  const other = /^-----BEGIN ([A-Z0-9 ]{1,40})-----$/.exec(line)?.[1];
  return other === undefined
    ? `line ${at + 1}: expected -----BEGIN ${label}-----`
    : `line ${at + 1}: holds a ${other}, expected a ${label}`;
}
