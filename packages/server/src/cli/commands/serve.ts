/** `tegata serve`: the server, until it is told to stop. */
import { readFileSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { ok, type Result } from '@tegata/core/result';
import type { Config } from '../../config/config.ts';
import { type RunningServer, serve } from '../../main/serve.ts';
import type { Log } from '../../ports/log.ts';
import { createLog, type LogOutput } from '../../telemetry/log.ts';
import type { Arguments } from '../arguments.ts';
import { type CliFault, type Command, type CommandContext, failure, type Output } from '../command.ts';

export const command: Command = {
  notes:
    'Runs until SIGINT (Ctrl-C) or SIGTERM, then finishes what it owes. Without any options it listens on https://localhost:8443\n' +
    'and keeps its data in ./data. Everything else: docs/config.md.',
  run: async (args, context) => {
    const config = context.loadConfig();
    if (!config.ok) return config;
    const output = createLog(config.value.log);
    const report = reportCrashes(output);
    try {
      return await runServer(args, context, config.value, output.log);
    } finally {
      report.end();
      output.flush();
    }
  },
};

async function runServer(
  args: Arguments,
  { io }: CommandContext,
  config: Config,
  log: Log,
): Promise<Result<Output, CliFault>> {
  const credentialsDirectory = io.environment.CREDENTIALS_DIRECTORY;
  // Listened for from the beginning, so that a start that takes long can be stopped as well.
  const stopped = firstSignal();
  const started = await serve(config, {
    version: readVersion(),
    log,
    commandOptions: repeatedOptions(args),
    colour: io.colour,
    ...(credentialsDirectory === undefined ? {} : { credentialsDirectory }),
  });
  if (!started.ok) return failure(started.error.detail);
  announce(started.value, args, io);
  flushCompileCache();
  log.info({ signal: await stopped }, 'Stopping.');
  await started.value.stop();
  return ok({ text: '', json: { stopped: true } });
}

function announce({ banner, issuer }: RunningServer, args: Arguments, io: CommandContext['io']): void {
  io.out(args.flag('json') ? `${JSON.stringify({ ready: true, issuer })}\n` : `${banner.join('\n')}\n`);
}

/** Resolves with the first signal to stop. A later one, when a person has lost patience, ends the process at once. */
function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let first: number | undefined;
    const heard = (signal: NodeJS.Signals) => {
      const now = performance.now();
      first ??= now;
      // The terminal signals every process of a group and npm hands the signal on, so one Ctrl-C arrives more than once.
      if (now - first > impatience) process.exit(130);
      resolve(signal);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, heard);
  });
}

const impatience = 1_000;

/** Gets a defect that ends the process into the log, in the log's own format. */
function reportCrashes({ log, flush }: LogOutput): { end(): void } {
  const report = (error: Error) => {
    log.error({ err: error }, 'The server ends because of a defect. Please report it.');
    flush();
  };
  process.on('uncaughtExceptionMonitor', report);
  return { end: () => void process.off('uncaughtExceptionMonitor', report) };
}

/** What other commands have to repeat to find this server. */
function repeatedOptions(args: Arguments): readonly string[] {
  const named = ['config', 'data', 'listen', 'issuer'].flatMap((name) => {
    const value = args.text(name);
    return value === undefined ? [] : [`--${name}`, value];
  });
  return [...named, ...args.texts('set').flatMap((assignment) => ['--set', assignment])];
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  return version;
}
