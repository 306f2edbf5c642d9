/** `tegata client token`: an initial access token, by which a program registers one client itself. */
import { systemRandom } from '@tegata/core/random';
import { ok, type Result } from '@tegata/core/result';
import { systemClock, toNumericDate } from '@tegata/core/time/clock';
import type { Config } from '../../config/config.ts';
import { duration } from '../../config/values.ts';
import { issueInitialAccessToken } from '../../oauth/clients/initial-access-token.ts';
import type { Store } from '../../ports/store.ts';
import { columns } from '../columns.ts';
import { type CliFault, type Command, failure, misuse, type Output } from '../command.ts';
import { withStore } from '../open.ts';

const lifetimes = duration('1m', '30d');
const usualLifetime = '1d';

export const command: Command = {
  options: {
    lifetime: { type: 'string', value: 'TIME', doc: `how long it may be used, such as 15m or 7d (${usualLifetime})` },
  },
  notes:
    'Whoever has the token can register one client (RFC 7591), which manages itself from then on (RFC 7592). The server has to\n' +
    'allow it: oauth.registration.enabled.',
  run: async (args, context) => {
    const lifetime = lifetimes.safeParse(args.text('lifetime') ?? usualLifetime);
    if (!lifetime.success) return misuse(`--lifetime is not ${lifetime.error.issues[0]?.message}.`);
    return withStore(context, (store, config) => issue(lifetime.data, store, config));
  },
};

async function issue(lifetime: number, store: Store, config: Config): Promise<Result<Output, CliFault>> {
  if (!config.oauth.registration.enabled) {
    return failure(
      'The server does not let clients register themselves. Set oauth.registration.enabled to true and restart it.',
    );
  }
  const now = systemClock.now();
  const token = await issueInitialAccessToken(store.oneTime, systemRandom(), now, lifetime);
  const expiresAt = now + lifetime;
  const rows = [
    ['initial access token', token],
    ['good until', new Date(expiresAt).toISOString()],
  ];
  const text = `It registers one client:\n${columns(rows)}\nKeep it now: it is stored as a digest only and cannot be shown again.`;
  return ok({ text, json: { initial_access_token: token, expires_at: toNumericDate(expiresAt) } });
}
