/** Attacks that nobody thought of: random bytes in every place of a request, the same ones in every run. */
import fc from 'fast-check';
import { type Attack, credentialsOf, type Target, typeOf, writingMethod } from './attack.ts';

const seed = 20_260_115;

const names = fc.constantFrom('grant_type', 'client_id', 'code', 'token', 'ticket', 'scope', 'state', '__proto__', 'x');
const forms = fc
  .array(fc.tuple(names, fc.string({ unit: 'binary', maxLength: 60 })), { maxLength: 8 })
  .map((pairs) => pairs.map(([name, text]) => `${name}=${encodeURIComponent(text.toWellFormed())}`).join('&'));
const bodies = fc.oneof(
  fc.uint8Array({ maxLength: 2_000 }),
  forms.map((text) => Buffer.from(text)),
  fc.json({ maxDepth: 6 }).map((text) => Buffer.from(text)),
);
/** Bytes that may stand in a field value: anything but controls. */
const fieldValues = fc
  .string({
    unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code === 0x7f ? 0x20 : code)),
  })
  .map((text) => text.trim());
const queries = fc.oneof(
  forms,
  fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)), maxLength: 200 }),
);
const fieldNames = fc.constantFrom(
  'Authorization',
  'Cookie',
  'Accept',
  'Origin',
  'Accept-Language',
  'If-None-Match',
  'DPoP',
);

/** @param count attacks with a body, and as many without */
export function randomAttacks(target: Target, count: number): readonly Attack[] {
  const { endpoint, path } = target;
  const reading = endpoint.methods.find((method) => method === 'GET') ?? (endpoint.methods[0] as string);
  const asked = fc.tuple(queries, fieldNames, fieldValues);
  const withBody = fc.sample(bodies, { seed, numRuns: endpoint.body.mediaType === undefined ? 0 : count });
  return [
    ...fc.sample(asked, { seed, numRuns: count }).map(([query, field, value], at): Attack => {
      const request = { method: reading, target: `${path}?${query}`, headers: [[field, value] as const] };
      return { name: `random query ${at}`, request, expect: 'answered' };
    }),
    ...withBody.map((body, at): Attack => {
      const headers = [...credentialsOf(target), ...typeOf(target)];
      const request = { method: writingMethod(target), target: path, headers, body };
      return { name: `random body ${at}`, request, expect: 'answered' };
    }),
  ];
}
