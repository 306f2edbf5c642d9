/** `tegata doctor`: everything that can be checked from here, with what to do about it. */
import { ok } from '@tegata/core/result';
import type { Config } from '../../config/config.ts';
import { type Command, exitCodes } from '../command.ts';
import { type Finding, warn } from '../doctor/finding.ts';
import { checkInstallation } from '../doctor/installation.ts';
import { checkListeners } from '../doctor/listeners.ts';
import { checkDisk, checkModes, checkNode, checkResolvers } from '../doctor/machine.ts';

const colours = { ok: 32, warn: 33, fail: 31 } as const;

export const command: Command = {
  notes: 'Changes nothing, and may be run beside the server. Exits with 1 when something fails, not for warnings.',
  run: async (_, { io, loadConfig }) => {
    const config = loadConfig();
    if (!config.ok) return config;
    const findings = [
      checkNode(),
      checkDisk(config.value),
      checkModes(config.value),
      ...(await checkInstallation(config.value, io)),
      ...(await checkListeners(config.value)),
      ...(await checkResolvers(config.value)),
      ...checkRisks(config.value),
    ];
    const failed = findings.some(({ state }) => state === 'fail');
    return ok({
      text: findings.map((finding) => describe(finding, io.colour)).join('\n'),
      json: findings,
      exitCode: failed ? exitCodes.failure : exitCodes.ok,
    });
  },
};

function checkRisks({ acme }: Config): readonly Finding[] {
  if (!acme.validation.alwaysValid) return [];
  return [
    warn('acme.validation.alwaysValid', 'anybody gets a certificate for any name', 'Leave it out except in tests.'),
  ];
}

function describe({ check, state, detail, remedy }: Finding, colour: boolean): string {
  const word = state.padEnd(5);
  const shown = colour ? `\u001b[${colours[state]}m${word}\u001b[0m` : word;
  return `${shown} ${check}: ${detail}${remedy === undefined ? '' : `\n      → ${remedy}`}`;
}
