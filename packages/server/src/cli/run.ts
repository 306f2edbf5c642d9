/** Finds the command that was called, runs it, prints what it says, and answers with the exit code. */
import { fail, ok, type Result } from '@tegata/core/result';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { closest, formatMistakes } from '../config/mistakes.ts';
import { StoreError } from '../store/store-error.ts';
import { maskText } from '../telemetry/mask.ts';
import { type Arguments, parseArguments } from './arguments.ts';
import { type CliFault, type Command, exitCodes, misuse } from './command.ts';
import { type CommandEntry, commands } from './commands.ts';
import { renderHelp, renderOverview } from './help.ts';
import type { Io } from './io.ts';

/** Runs `tegata <words>`. */
export async function runCli(words: readonly string[], io: Io): Promise<number> {
  const entry = commands.find(({ name }) => startsWith(words, name.split(' ')));
  if (entry === undefined) return withoutCommand(words, io);
  const { command } = await entry.load();
  const parsed = parseArguments(words.slice(entry.name.split(' ').length), command);
  if (!parsed.ok) return complain(parsed.error, io, `See: tegata ${entry.name} --help`);
  if (parsed.value.flag('help')) {
    io.out(renderHelp(entry, command));
    return exitCodes.ok;
  }
  return call(command, parsed.value, io);
}

async function call(command: Command, args: Arguments, io: Io): Promise<number> {
  const context = { io, loadConfig: () => readConfig(args, io) };
  const result = await command.run(args, context).catch((error: unknown) => fail(describeThrown(error)));
  if (!result.ok) return complain(result.error, io);
  const { text, json, exitCode } = result.value;
  if (args.flag('json')) io.out(`${JSON.stringify(json, null, 2)}\n`);
  else if (text !== '') io.out(text.endsWith('\n') ? text : `${text}\n`);
  return exitCode ?? exitCodes.ok;
}

/** A store that fails half-way says what to do; everything else that is thrown is a defect, and its trace helps to report it. */
function describeThrown(error: unknown): CliFault {
  if (error instanceof StoreError) return { kind: 'failure', message: `${error.message} ${error.remedy}` };
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { kind: 'failure', message: `Something unexpected happened; please report it.\n${maskText(trace)}` };
}

function readConfig(args: Arguments, io: Io): Result<Config, CliFault> {
  const flags: Record<string, string> = {};
  for (const assignment of args.texts('set')) {
    const split = assignment.indexOf('=');
    if (split < 1) return misuse(`"--set ${assignment}" has no value: write --set KEY=VALUE.`);
    flags[assignment.slice(0, split)] = assignment.slice(split + 1);
  }
  for (const name of ['listen', 'data', 'issuer']) {
    const value = args.text(name);
    if (value !== undefined) flags[name] = value;
  }
  const config = loadConfig({ file: args.text('config'), environment: io.environment, flags });
  return config.ok ? ok(config.value) : fail({ kind: 'configuration', message: formatMistakes(config.error) });
}

function complain({ kind, message }: CliFault, io: Io, hint?: string): number {
  io.err(`${kind === 'configuration' ? '' : 'tegata: '}${message}\n`);
  if (hint !== undefined) io.err(`${hint}\n`);
  return exitCodes[kind];
}

/** `tegata`, `tegata --help`, `tegata client`, and everything misspelt. */
function withoutCommand(words: readonly string[], io: Io): number {
  const [first = '', second = ''] = words.filter((word) => !word.startsWith('-'));
  const group = commands.some(({ name }) => name.startsWith(`${first} `)) ? first : undefined;
  const asked = words.includes('--help') || first === 'help';
  if (asked && (first === '' || first === 'help' || group !== undefined)) {
    io.out(renderOverview(group));
    return exitCodes.ok;
  }
  if (words.length === 0 || (group !== undefined && second === '')) {
    io.err(renderOverview(group));
    return exitCodes.usage;
  }
  const called = group === undefined ? first : `${first} ${second}`;
  const near = closest(called, nearNames(group));
  const hint = near === undefined ? 'See: tegata --help' : `Did you mean: tegata ${near}`;
  return complain({ kind: 'usage', message: `There is no command "${called || words[0]}".` }, io, hint);
}

function nearNames(group: string | undefined): readonly string[] {
  const names = commands.map(({ name }: CommandEntry) => name);
  return group === undefined ? [...names, ...names.map((name) => name.split(' ')[0] as string)] : names;
}

function startsWith(words: readonly string[], name: readonly string[]): boolean {
  return name.every((word, at) => words[at] === word);
}
