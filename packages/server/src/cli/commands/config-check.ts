/** `tegata config check`: all mistakes at once, or what the configuration comes to. */
import { ok } from '@tegata/core/result';
import { formatHostPort, type HostPort } from '../../config/values.ts';
import { columns } from '../columns.ts';
import type { Command } from '../command.ts';

export const command: Command = {
  notes: 'Reads what `tegata serve` would read with the same options; starts and changes nothing.',
  run: async (_, { loadConfig }) => {
    const config = loadConfig();
    if (!config.ok) return config;
    const { issuer, listen, http, metrics, data, store } = config.value;
    const address = (value: HostPort | 'off') => (value === 'off' ? value : formatHostPort(value));
    const summary = {
      issuer: issuer ?? 'decided by the port that is free at the start',
      listen: address(listen),
      http: address(http.listen),
      metrics: address(metrics.listen),
      data,
      store: store.engine === 'sqlite' ? `sqlite:${store.path}` : 'postgres',
    };
    return ok({ text: `The configuration has no mistakes.\n${columns(Object.entries(summary))}`, json: summary });
  },
};
