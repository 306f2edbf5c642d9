/** Every command by the words that call it; each is loaded only when it is called. */
import type { Command } from './command.ts';

export interface CommandEntry {
  /** e.g. `client add`. */
  readonly name: string;
  /** One line for the overview. */
  readonly summary: string;
  readonly load: () => Promise<{ readonly command: Command }>;
}

/** In the order of the overview. */
export const commands: readonly CommandEntry[] = [
  { name: 'serve', summary: 'start the server', load: () => import('./commands/serve.ts') },
  {
    name: 'config check',
    summary: 'read the configuration and list all mistakes',
    load: () => import('./commands/config-check.ts'),
  },
  { name: 'client add', summary: 'register an OAuth client', load: () => import('./commands/client-add.ts') },
  { name: 'client list', summary: 'list the OAuth clients', load: () => import('./commands/client-list.ts') },
  {
    name: 'client remove',
    summary: 'remove an OAuth client and end its tokens',
    load: () => import('./commands/client-remove.ts'),
  },
  {
    name: 'client token',
    summary: 'let a program register one client itself',
    load: () => import('./commands/client-token.ts'),
  },
  { name: 'user add', summary: 'add a person who can sign in', load: () => import('./commands/user-add.ts') },
  { name: 'ca show', summary: 'show the certificates of the CA', load: () => import('./commands/ca-show.ts') },
  { name: 'keys rotate', summary: 'give tokens a new signing key', load: () => import('./commands/keys-rotate.ts') },
  { name: 'doctor', summary: 'look for what is wrong or soon will be', load: () => import('./commands/doctor.ts') },
  {
    name: 'try token',
    summary: 'get an access token from the running server',
    load: () => import('./commands/try-token.ts'),
  },
  {
    name: 'try certificate',
    summary: 'get a certificate from the running server',
    load: () => import('./commands/try-certificate.ts'),
  },
];
