/** The structured log: JSON in batches for programs, text for people on a terminal; no secret passes. */
import { writeSync } from 'node:fs';
import { type DestinationStream, destination, pino } from 'pino';
import type { Log } from '../ports/log.ts';
import { maskFields, maskText } from './mask.ts';
import { formatLine } from './text-format.ts';

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'off';
  /** `auto` is text on a terminal and JSON elsewhere. */
  readonly format: 'auto' | 'text' | 'json';
  /** Where lines go instead of standard error; written at once. */
  readonly write?: (line: string) => void;
}

export interface LogOutput {
  readonly log: Log;
  /** Writes what is still held back; for the end of the process. */
  flush(): void;
}

const standardError = 2;
const batchBytes = 4_096;
const longestDelay = 500;

/** Opens the log. Fields of any kind may be passed: what is secret, huge or circular is cut down before it is written. */
export function createLog(options: LogOptions): LogOutput {
  const batches = batchesFor(options);
  const log = pino(
    {
      level: options.level === 'off' ? 'silent' : options.level,
      base: null,
      formatters: { level: (level) => ({ level }), log: maskFields },
      // Errors reach the formatter above first, which keeps their messages and stacks; this stops pino from looking again.
      serializers: { err: (error) => error },
    },
    batches ?? directWriter(options),
  );
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error'): Log['info'] =>
    (fields, message) => {
      if (log.isLevelEnabled(level)) log[level](fields, maskText(message));
    };
  return {
    log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
    flush: () => batches?.flushSync(),
  };
}

function isText({ format, write }: LogOptions): boolean {
  return format === 'text' || (format === 'auto' && write === undefined && process.stderr.isTTY === true);
}

/** Lines are collected and written together, off the path of requests; only for machines, people want them at once. */
function batchesFor(options: LogOptions): ReturnType<typeof destination> | undefined {
  if (options.write !== undefined || isText(options)) return undefined;
  return destination({ dest: standardError, sync: false, minLength: batchBytes, periodicFlush: longestDelay });
}

function directWriter(options: LogOptions): DestinationStream {
  const write = options.write ?? ((line: string) => void writeSync(standardError, line));
  if (!isText(options)) return { write };
  const colour = options.write === undefined && process.stderr.isTTY === true && !process.env.NO_COLOR;
  return { write: (line) => write(formatLine(line, colour)) };
}
