/** `tegata keys rotate`: new signing keys for tokens, before their time. */
import { systemRandom } from '@tegata/core/random';
import { ok } from '@tegata/core/result';
import { systemClock } from '@tegata/core/time/clock';
import { openInstance } from '../../main/open-instance.ts';
import { type Command, failure } from '../command.ts';

export const command: Command = {
  options: {
    algorithm: { type: 'string', multiple: true, value: 'ALG', doc: 'only keys of this algorithm, e.g. ES256' },
    urgent: {
      type: 'boolean',
      doc: 'the present keys are compromised: withdraw them, and with them the tokens they signed',
    },
  },
  notes:
    'The new key is published at once and signs after keys.publishAhead, so that no client is surprised. With --urgent it\n' +
    'signs in two minutes, and what the old key has signed is refused from then on.',
  run: async (args, { io, loadConfig }) => {
    const config = loadConfig();
    if (!config.ok) return config;
    const credentialsDirectory = io.environment.CREDENTIALS_DIRECTORY;
    const opened = await openInstance(config.value, {
      clock: systemClock,
      random: systemRandom(),
      ...(credentialsDirectory === undefined ? {} : { credentialsDirectory }),
    });
    if (!opened.ok) return failure(opened.error.detail);
    const { keyRing, store } = opened.value;
    try {
      const known = keyRing.algorithms();
      const named = args.texts('algorithm');
      const unknown = named.find((name) => !known.some((algorithm) => algorithm === name));
      if (unknown !== undefined) return failure(`There is no ${unknown} key. There are: ${known.join(', ')}.`);
      const algorithms = named.length === 0 ? known : known.filter((algorithm) => named.includes(algorithm));
      const steps = await keyRing.rotate({ algorithms, urgent: args.flag('urgent') });
      const created = steps.flatMap((step) => (step.kind === 'create' ? [step] : []));
      const lines = created.map(
        ({ algorithm, activeFrom }) => `A new ${algorithm} key signs from ${new Date(activeFrom).toISOString()}.`,
      );
      return ok({ text: lines.join('\n'), json: steps });
    } finally {
      await store.close();
    }
  },
};
