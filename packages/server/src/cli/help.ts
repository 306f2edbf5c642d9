/** Help texts, made from what the commands say of themselves. */

import { commonOptions } from './arguments.ts';
import { columns } from './columns.ts';
import type { Command, OptionSpec } from './command.ts';
import { type CommandEntry, commands } from './commands.ts';

/** The overview of `tegata --help`, or of one group of commands such as `client`. */
export function renderOverview(group?: string): string {
  const shown = commands.filter(({ name }) => group === undefined || name.startsWith(`${group} `));
  return [
    `Usage: tegata ${group === undefined ? 'COMMAND' : `${group} …`} [OPTIONS]`,
    '',
    'Commands:',
    columns(shown.map(({ name, summary }) => [name, summary])),
    '',
    'Every command has --help and --json. Options of the server: --config FILE, --data DIR, --listen HOST:PORT,',
    '--issuer URL and --set KEY=VALUE; docs/config.md has them all.',
    '',
    'Exit codes: 0 it worked · 1 it failed · 2 the command was called the wrong way · 3 the configuration has mistakes.',
    '',
  ].join('\n');
}

/** The help of one command. */
export function renderHelp({ name, summary }: CommandEntry, command: Command): string {
  const { operands = [], options = {}, notes } = command;
  const usage = operands.map((operand) => (operand.required ? operand.name : `[${operand.name}]`));
  const sections = [
    `Usage: ${['tegata', name, ...usage, '[OPTIONS]'].join(' ')}`,
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    operands.length === 0 ? undefined : columns(operands.map((operand) => [operand.name, operand.doc])),
    notes,
    Object.keys(options).length === 0 ? undefined : `Options:\n${optionColumns(options)}`,
    `Options of every command:\n${optionColumns(commonOptions)}`,
  ];
  return `${sections.filter((section) => section !== undefined).join('\n\n')}\n`;
}

function optionColumns(options: Readonly<Record<string, OptionSpec>>): string {
  return columns(
    Object.entries(options).map(([name, { value, doc, multiple }]) => [
      `--${name}${value === undefined ? '' : ` ${value}`}`,
      multiple === true ? `${doc} (may be repeated)` : doc,
    ]),
  );
}
