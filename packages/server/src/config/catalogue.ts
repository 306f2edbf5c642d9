/** The options as a flat list, read out of the schema: paths, environment variables, defaults. */
import { z } from 'zod';
import { type About, abouts } from './option.ts';
import { schema } from './schema.ts';

export interface CatalogueOption {
  /** Keys joined by dots, e.g. `acme.validation.httpPort`. */
  readonly path: string;
  /** The environment variable that overrides it. */
  readonly variable: string;
  readonly about: About;
  /** The default as a person would write it; absent where it is derived or there is none. */
  readonly fallback: unknown;
}

export interface CatalogueSection {
  readonly path: string;
  readonly doc: string;
  readonly options: readonly CatalogueOption[];
}

/** Every section with its own options, the root first; sections inside sections follow their parent. */
export function readSections(): readonly CatalogueSection[] {
  return walk(schema, '', 'The server as a whole.');
}

/** Every option. */
export function readOptions(): readonly CatalogueOption[] {
  return readSections().flatMap((section) => section.options);
}

function walk(group: z.ZodObject, path: string, doc: string): readonly CatalogueSection[] {
  const options: CatalogueOption[] = [];
  const inner: CatalogueSection[] = [];
  for (const [key, member] of Object.entries(group.shape)) {
    const about = abouts.get(member as z.ZodType);
    if (about === undefined) throw new Error(`option ${path}${key} has no description`);
    const memberPath = `${path}${key}`;
    const content = unwrap(member as z.ZodType);
    if (content instanceof z.ZodObject) {
      inner.push(...walk(content, `${memberPath}.`, about.doc));
    } else {
      const fallback = member instanceof z.ZodPrefault ? member.def.defaultValue : undefined;
      options.push({ path: memberPath, variable: about.variable ?? variableFor(memberPath), about, fallback });
    }
  }
  return [{ path: path.slice(0, -1), doc, options }, ...inner];
}

function unwrap(type: z.ZodType): unknown {
  return type instanceof z.ZodPrefault || type instanceof z.ZodOptional ? type.unwrap() : type;
}

/** `acme.validation.httpPort` → `TEGATA_ACME_VALIDATION_HTTP_PORT`. */
function variableFor(path: string): string {
  return `TEGATA_${path.replaceAll('.', '_').replaceAll(/[A-Z]/g, (letter) => `_${letter}`)}`.toUpperCase();
}
