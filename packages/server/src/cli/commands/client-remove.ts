/** `tegata client remove`: ends a client with its consents, codes and tokens. */
import { ok } from '@tegata/core/result';
import { systemClock } from '@tegata/core/time/clock';
import { type Command, failure } from '../command.ts';
import { withStore } from '../open.ts';

export const command: Command = {
  operands: [{ name: 'CLIENT_ID', required: true, doc: 'the client, as `tegata client list` shows it' }],
  notes: 'Its refresh tokens end at once; a running server refuses its access tokens within seconds.',
  run: (args, context) =>
    withStore(context, async (store) => {
      const clientId = args.operand(0) as string;
      const removed = await store.clients.remove(clientId, systemClock.now());
      if (!removed) return failure(`There is no client ${clientId}. See: tegata client list`);
      return ok({ text: `The client ${clientId} and everything it was given are gone.`, json: { removed: clientId } });
    }),
};
