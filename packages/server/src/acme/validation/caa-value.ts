/**
 * The value of `issue` and `issuewild` properties: an issuer and its parameters, by the grammar, or nobody.
 * @spec RFC 8659 §4.2
 * @spec RFC 8659 §4.3
 */

export interface CaaAuthorization {
  /** Lower case; empty when the record authorises nobody on purpose (`;`). */
  readonly issuer: string;
  /** Names in lower case, in order; a name can be there more than once. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

const label = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?';
const issuerPattern = new RegExp(`^${label}(?:\\.${label})*$`, 'i');
const parameterPattern = new RegExp(`^(${label})[ \\t]*=[ \\t]*([\\x21-\\x3a\\x3c-\\x7e]*)$`, 'i');

/** `undefined` when the value does not follow the grammar, which means that it authorises nobody. */
export function parseCaaValue(text: string): CaaAuthorization | undefined {
  const semicolon = text.indexOf(';');
  const issuer = trimBlanks(semicolon < 0 ? text : text.slice(0, semicolon));
  if (issuer !== '' && !issuerPattern.test(issuer)) return undefined;
  const rest = semicolon < 0 ? '' : trimBlanks(text.slice(semicolon + 1));
  const parameters: (readonly [string, string])[] = [];
  for (const item of rest === '' ? [] : rest.split(';')) {
    const match = parameterPattern.exec(trimBlanks(item));
    if (match === null) return undefined;
    parameters.push([(match[1] as string).toLowerCase(), match[2] as string]);
  }
  return { issuer: issuer.toLowerCase(), parameters };
}

function trimBlanks(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, '');
}
