/** What a command of `tegata` is: options, operands, and a function that says what to print or what went wrong. */
import { type Failure, fail, type Result } from '@tegata/core/result';
import type { Config } from '../config/config.ts';
import type { Arguments } from './arguments.ts';
import type { Io } from './io.ts';

/** Exit codes, as `tegata --help` tells them. */
export const exitCodes = { ok: 0, failure: 1, usage: 2, configuration: 3 } as const;

export interface CliFault {
  readonly kind: Exclude<keyof typeof exitCodes, 'ok'>;
  /** What, where, and how to fix it. */
  readonly message: string;
}

/** What a command found or did, for people and for programs. */
export interface Output {
  readonly text: string;
  /** Printed by `--json`. */
  readonly json: unknown;
  /** Set when the command worked but its finding is bad news, as in `doctor`. */
  readonly exitCode?: number;
}

export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  /** May be given several times. */
  readonly multiple?: true;
  /** What stands for the value in the help, e.g. `FILE`. */
  readonly value?: string;
  readonly doc: string;
}

export interface OperandSpec {
  readonly name: string;
  readonly required: boolean;
  readonly doc: string;
}

export interface CommandContext {
  readonly io: Io;
  /** Reads file, environment and flags. */
  readonly loadConfig: () => Result<Config, CliFault>;
}

export interface Command {
  readonly options?: Readonly<Record<string, OptionSpec>>;
  readonly operands?: readonly OperandSpec[];
  /** Further paragraphs of the help: examples, what to know. */
  readonly notes?: string;
  run(args: Arguments, context: CommandContext): Promise<Result<Output, CliFault>>;
}

/** A failed command, as a sentence for standard error. */
export function failure(message: string): Failure<CliFault> {
  return fail({ kind: 'failure', message });
}

/** A command that was called the wrong way. */
export function misuse(message: string): Failure<CliFault> {
  return fail({ kind: 'usage', message });
}
