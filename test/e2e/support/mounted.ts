/** Every endpoint of a server, as composition mounts it: whoever adds one finds it under test without asking. */
import { systemRandom } from '@tegata/core/random';
import { unwrap } from '@tegata/core/result';
import { systemClock } from '@tegata/core/time/clock';
import { issuerFor, plainBaseUrlFor } from '@tegata/server/config/config';
import { loadConfig } from '@tegata/server/config/load';
import { compose } from '@tegata/server/main/compose';
import { openAuthority } from '@tegata/server/main/open-authority';
import { openInstance } from '@tegata/server/main/open-instance';
import { systemTimer } from '@tegata/server/main/system-timer';
import type { Endpoint } from '@tegata/server/ports/endpoint';
import { createMetrics } from '@tegata/server/telemetry/metrics';
import { createMetricsEndpoint } from '@tegata/server/telemetry/metrics-endpoint';
import { silentLog } from '../../support/oauth-harness.ts';
import type { TestServer } from '../../support/server.ts';

export interface Mounted {
  readonly main: readonly Endpoint[];
  readonly plain: readonly Endpoint[];
  readonly metrics: readonly Endpoint[];
}

/** Composes the endpoints once more beside the running server; they are only to be looked at. */
export async function listMounted({ configPath, port, plainPort }: TestServer): Promise<Mounted> {
  const config = unwrap(loadConfig({ file: configPath, environment: {} }));
  const system = { clock: systemClock, random: systemRandom() };
  const instance = unwrap(await openInstance(config, system));
  const issuer = issuerFor(config, port);
  const metrics = createMetrics();
  const composed = compose({
    ...system,
    config,
    issuer,
    instance,
    authority: await openAuthority(config, instance, plainBaseUrlFor(config, issuer, plainPort), {
      ...system,
      startJob: () => {},
    }),
    timer: systemTimer,
    log: silentLog,
    metrics,
    audit: { record() {} },
    stopping: () => false,
  });
  await instance.store.close();
  return { main: composed.endpoints, plain: composed.plainEndpoints, metrics: [createMetricsEndpoint(metrics)] };
}
