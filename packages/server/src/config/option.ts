/** What an option is beside its schema: the facts that documentation, masking and the environment need. */
import { z } from 'zod';

export interface About {
  /** One or two sentences for the documentation. */
  readonly doc: string;
  /** What to write, e.g. `HOST:PORT`. */
  readonly type: string;
  /** The default in words, where it depends on other options. */
  readonly derived?: string;
  /** Never shown, not even in mistakes. */
  readonly secret?: boolean;
  /** Name of the environment variable, where it is not made from the path. */
  readonly variable?: string;
  /** Refused in files and flags, which others can read. */
  readonly environmentOnly?: boolean;
}

/** Facts by schema; filled while the schema is built and only read afterwards. */
export const abouts = z.registry<About>();

/** An option with a default, written the way a person would write it. */
export function option<T extends z.ZodType>(schema: T, fallback: z.input<T>, about: About): z.ZodPrefault<T> {
  const described = z.prefault(schema, fallback as Parameters<typeof z.prefault<T>>[1]);
  abouts.add(described, about);
  return described;
}

/** An option that may be absent, because its default is derived or because there is none. */
export function optional<T extends z.ZodType>(schema: T, about: About): z.ZodOptional<T> {
  const described = z.optional(schema);
  abouts.add(described, about);
  return described;
}

/** A group of options that may be left out as a whole; unknown keys are mistakes. */
export function section<T extends z.ZodRawShape>(doc: string, shape: T): z.ZodPrefault<z.ZodObject<T, z.core.$strict>> {
  return option(z.strictObject(shape), {} as z.input<z.ZodObject<T, z.core.$strict>>, { doc, type: 'section' });
}
