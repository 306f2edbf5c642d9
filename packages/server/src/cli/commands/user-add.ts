/** `tegata user add`: adds a person who signs in with a password. */
import { systemRandom } from '@tegata/core/random';
import { ok } from '@tegata/core/result';
import { systemClock } from '@tegata/core/time/clock';
import { en } from '../../oauth/interaction/text/en.ts';
import { type AccountFault, addUser } from '../../oauth/interaction/users/accounts.ts';
import { createPasswordHasher } from '../../oauth/interaction/users/password-hash.ts';
import { type Command, failure } from '../command.ts';
import { withStore } from '../open.ts';
import { readPassword } from '../password.ts';

export const command: Command = {
  operands: [{ name: 'USERNAME', required: true, doc: 'what the person types to sign in' }],
  options: {
    name: { type: 'string', value: 'NAME', doc: 'name for display' },
    email: { type: 'string', value: 'ADDRESS', doc: 'e-mail address' },
    admin: { type: 'boolean', doc: 'an administrator' },
  },
  notes:
    'Asks for the password on the terminal. Without a terminal it takes the first line of standard input:\n' +
    '  pass show tegata | tegata user add kaede',
  run: async (args, context) => {
    const config = context.loadConfig();
    if (!config.ok) return config;
    const password = await readPassword(context.io);
    if (!password.ok) return password;
    return withStore(context, async (store) => {
      const random = systemRandom();
      const tools = { now: systemClock.now(), random, passwords: createPasswordHasher({ random }) };
      const username = args.operand(0) as string;
      const account = {
        username,
        name: args.text('name'),
        email: args.text('email'),
        password: password.value,
        administrator: args.flag('admin'),
      };
      const user = await addUser(store.users, account, tools);
      if (!user.ok)
        return failure(
          user.error === 'busy' ? 'Too many passwords are being hashed; try again.' : describe(user.error),
        );
      const { subject } = user.value;
      return ok({
        text: `${username} can sign in now (subject ${subject}).`,
        json: { username, subject, administrator: args.flag('admin') },
      });
    });
  },
};

function describe(faults: readonly AccountFault[]): string {
  return faults.map(({ field, code }) => `${field}: ${en.setup.faults[code]}`).join('\n        ');
}
