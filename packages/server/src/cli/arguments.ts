/** Reads the words after the name of a command into options and operands. */
import { parseArgs } from 'node:util';
import { ok, type Result } from '@tegata/core/result';
import { closest } from '../config/mistakes.ts';
import { type CliFault, type Command, misuse, type OptionSpec } from './command.ts';

export interface Arguments {
  /** The value of an option that takes one. */
  text(name: string): string | undefined;
  /** All values of an option that may be repeated. */
  texts(name: string): readonly string[];
  flag(name: string): boolean;
  /** An operand by its place; `''` never occurs. */
  operand(at: number): string | undefined;
}

/** Options of every command. */
export const commonOptions: Readonly<Record<string, OptionSpec>> = {
  config: { type: 'string', value: 'FILE', doc: 'configuration file (YAML)' },
  data: { type: 'string', value: 'DIR', doc: 'data folder, over the configuration' },
  listen: { type: 'string', value: 'HOST:PORT', doc: 'address of the server, over the configuration' },
  issuer: { type: 'string', value: 'URL', doc: 'address that clients use, over the configuration' },
  set: { type: 'string', multiple: true, value: 'KEY=VALUE', doc: 'any other option, over the configuration' },
  json: { type: 'boolean', doc: 'print the result as JSON' },
  help: { type: 'boolean', doc: 'show this help' },
};

/** Understands the words, or says what is wrong with them. */
export function parseArguments(words: readonly string[], command: Command): Result<Arguments, CliFault> {
  const specs = { ...command.options, ...commonOptions };
  const options = Object.fromEntries(
    Object.entries(specs).map(([name, { type, multiple = false }]) => [name, { type, multiple }]),
  );
  const { tokens } = parseArgs({ args: [...words], options, strict: false, allowPositionals: true, tokens: true });
  const values = new Map<string, string[]>();
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const spec = Object.hasOwn(specs, token.name) ? specs[token.name] : undefined;
    const fault = checkOption(token, spec, values.has(token.name), Object.keys(specs));
    if (fault !== undefined) return misuse(fault);
    values.set(token.name, [...(values.get(token.name) ?? []), token.value ?? '']);
  }
  const fault = values.has('help') ? undefined : checkOperands(operands, command);
  if (fault !== undefined) return misuse(fault);
  return ok({
    text: (name) => values.get(name)?.at(-1),
    texts: (name) => values.get(name) ?? [],
    flag: (name) => values.has(name),
    operand: (at) => operands[at],
  });
}

function checkOption(
  { rawName, value }: { readonly rawName: string; readonly value: string | undefined },
  spec: OptionSpec | undefined,
  again: boolean,
  known: readonly string[],
): string | undefined {
  if (spec === undefined) {
    const near = closest(rawName.replace(/^-+/, ''), known);
    return `There is no option ${rawName}${near === undefined ? '' : `; did you mean --${near}?`}`;
  }
  if (spec.type === 'boolean') return value === undefined ? undefined : `The option ${rawName} takes no value.`;
  if (value === undefined || value === '') return `The option ${rawName} needs a value: ${rawName} ${spec.value}.`;
  return again && spec.multiple !== true ? `The option ${rawName} is given twice.` : undefined;
}

function checkOperands(operands: readonly string[], { operands: specs = [] }: Command): string | undefined {
  const missing = specs.find(({ required }, at) => required && (operands[at] ?? '') === '');
  if (missing !== undefined) return `${missing.name} is missing: ${missing.doc}.`;
  const extra = operands[specs.length];
  return extra === undefined ? undefined : `"${extra}" is one word too many.`;
}
