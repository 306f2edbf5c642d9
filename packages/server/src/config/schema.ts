/** Every option of the server; the documentation, the environment variables and the checks are all made from this. */
import { z } from 'zod';
import { acme } from './sections/acme.ts';
import { ca } from './sections/ca.ts';
import { http, issuer, listen, metrics, tls, trustedProxies } from './sections/listeners.ts';
import { oauth, sessions } from './sections/oauth.ts';
import { data, keys, store } from './sections/storage.ts';
import { log } from './sections/telemetry.ts';

export const schema = z.strictObject({
  issuer,
  listen,
  data,
  http,
  tls,
  trustedProxies,
  store,
  keys,
  oauth,
  sessions,
  ca,
  acme,
  metrics,
  log,
});

/** What the schema makes of its sources: each value checked alone, derived defaults still open. */
export type Settings = z.output<typeof schema>;
