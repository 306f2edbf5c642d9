/**
 * Identifiers of type `dns`: host names and wildcards, in lower-case A-labels.
 * @spec RFC 8555 §7.1.3
 * @spec RFC 8555 §7.1.4
 * @spec RFC 5890 §2.3.1
 * @spec RFC 1123 §2.1
 */
import { fail, ok, type Result } from '@tegata/core/result';
import type { IdentifierFault, IdentifierType } from './identifier-type.ts';
import { decodePunycode } from './punycode.ts';

const maximumNameLength = 253;
const maximumLabelLength = 63;
const labelPattern = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
const wildcardPrefix = '*.';

export const dnsIdentifier: IdentifierType = {
  type: 'dns',
  parse: parseDnsName,
  authorizationFor: (value) =>
    value.startsWith(wildcardPrefix)
      ? { value: value.slice(wildcardPrefix.length), wildcard: true }
      : { value, wildcard: false },
  fromGeneralName: (name) => (name.type === 'dns' ? canonical(name.value) : undefined),
  fromCommonName: canonical,
};

/** The canonical form of a DNS name with or without one leading `*.`; the fault is a sentence about the name. */
export function parseDnsName(text: string): Result<string, IdentifierFault> {
  const value = text.toLowerCase();
  const wildcard = value.startsWith(wildcardPrefix);
  const name = wildcard ? value.slice(wildcardPrefix.length) : value;
  const labels = name.split('.');
  const fault = faultOfText(value) ?? faultOfLabels(labels);
  if (fault !== undefined) return fail({ type: 'malformed', detail: `${quote(text)} is not a DNS name: ${fault}` });
  if (wildcard && labels.length < 2) {
    return fail({
      type: 'rejectedIdentifier',
      detail: `${quote(text)} covers a whole top-level domain; clients do not accept such a wildcard.`,
    });
  }
  return ok(value);
}

function canonical(text: string): string | undefined {
  const parsed = parseDnsName(text);
  return parsed.ok ? parsed.value : undefined;
}

function faultOfText(value: string): string | undefined {
  if (value === '') return 'it is empty.';
  if (value.length > maximumNameLength) return `it is longer than ${maximumNameLength} characters.`;
  if (!/^[\x21-\x7e]*$/.test(value))
    return 'it has characters beyond ASCII, or blanks; write it in A-labels ("xn--…").';
  if (value.endsWith('.')) return 'it ends with a dot.';
  if (value.includes(':') || value.includes('[')) return 'it looks like an IPv6 address or has a port.';
  return undefined;
}

function faultOfLabels(labels: readonly string[]): string | undefined {
  for (const label of labels) {
    const fault = faultOfLabel(label);
    if (fault !== undefined) return fault;
  }
  // A last label of digits, also in hexadecimal, is how URL parsers recognise an IPv4 address.
  const last = labels[labels.length - 1] as string;
  if (/^(?:\d+|0x[0-9a-f]*)$/.test(last)) return 'it is or looks like an IP address.';
  return undefined;
}

function faultOfLabel(label: string): string | undefined {
  if (label === '') return 'it has an empty label.';
  if (label.length > maximumLabelLength) return `a label is longer than ${maximumLabelLength} characters.`;
  if (label.includes('*')) return '"*" can only be the whole first label.';
  if (label.includes('_')) return 'host names have no underscores.';
  if (!labelPattern.test(label)) return 'labels consist of letters, digits and inner hyphens.';
  if (label.slice(2, 4) === '--' && !isALabel(label)) {
    return 'a label with "--" as its third and fourth character is not a valid A-label.';
  }
  return undefined;
}

/** Whether the label is the one A-label of the text that it stands for: the host parser applies IDNA to that text. */
function isALabel(label: string): boolean {
  const text = label.startsWith('xn--') ? decodePunycode(label.slice(4)) : undefined;
  if (text === undefined) return false;
  const url = `http://${text}.example/`;
  return URL.canParse(url) && new URL(url).hostname === `${label}.example`;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
