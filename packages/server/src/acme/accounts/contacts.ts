/**
 * Contact addresses of an account.
 * @spec RFC 8555 §7.3
 * @spec RFC 6068 §2
 */
import type { JsonValue } from '@tegata/core/codec/json';
import { ok, type Result } from '@tegata/core/result';
import { type AcmeProblem, problem } from '../problems.ts';

const maximumContacts = 10;
const maximumContactLength = 320;
/** One address: no list, no header fields, no comments or quoting. Percent-encoding is left as it is. */
const mailtoPattern = /^mailto:[^\s,;?#"<>()[\]\\@]+@[^\s,;?#"<>()[\]\\@]+$/i;

/** The `contact` member; an absent one is an empty list. */
export function parseContacts(value: JsonValue | undefined): Result<readonly string[], AcmeProblem> {
  if (value === undefined) return ok([]);
  if (!isStringArray(value)) return problem('malformed', '"contact" must be an array of strings.');
  if (value.length > maximumContacts) {
    return problem('invalidContact', `An account can have at most ${maximumContacts} contacts.`);
  }
  for (const contact of value) {
    const checked = checkContact(contact);
    if (!checked.ok) return checked;
  }
  return ok(value);
}

function checkContact(contact: string): Result<void, AcmeProblem> {
  const shown = JSON.stringify(contact.slice(0, 100));
  if (!/^[a-z][a-z0-9+.-]*:/i.test(contact)) return problem('invalidContact', `${shown} is not a URL.`);
  if (!/^mailto:/i.test(contact)) {
    return problem('unsupportedContact', `${shown} is not a "mailto:" URL, and no other scheme is supported.`);
  }
  if (contact.length > maximumContactLength || !mailtoPattern.test(contact)) {
    return problem('invalidContact', `${shown} must be "mailto:" and exactly one address, without header fields.`);
  }
  return ok();
}

function isStringArray(value: JsonValue): value is readonly string[] {
  return Array.isArray(value) && value.every((element) => typeof element === 'string');
}
