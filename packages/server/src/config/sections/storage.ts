/** Options that say where data and keys are kept. */
import { option, optional, section } from '../option.ts';
import { duration, path, secretText, storeUrl } from '../values.ts';

export const data = option(path, './data', {
  doc: 'The folder for everything this server keeps: database, key file, root certificate. Created with mode 0700.',
  type: 'path',
});

export const store = section('The database.', {
  url: optional(storeUrl, {
    doc: 'SQLite for one machine, PostgreSQL for several. Hidden in messages, because it may hold a password.',
    type: '`sqlite:<path>` or `postgres://…`',
    derived: '`sqlite:<data>/tegata.db`',
    secret: true,
  }),
});

export const keys = section('Keys at rest and their rotation.', {
  passphraseFile: optional(path, {
    doc: 'File whose first line is the passphrase that encrypts the private keys; mode 0600 or 0400. A systemd credential named `tegata-passphrase` is found without this option.',
    type: 'path',
    derived: 'a random key in `<data>/master.key` (mode 0600), made at the first start',
  }),
  passphrase: optional(secretText, {
    doc: 'The passphrase itself. Only from the environment.',
    type: 'text',
    secret: true,
    variable: 'TEGATA_PASSPHRASE',
    environmentOnly: true,
  }),
  rotateEvery: option(duration('1d', '3650d'), '90d', {
    doc: 'How long a token signing key signs before the next one takes over. `tegata keys rotate` does it at once.',
    type: 'time',
  }),
  publishAhead: option(duration('0s', '30d'), '1d', {
    doc: 'How long a new token signing key is published before it signs, so that whoever caches the key set knows it in time.',
    type: 'time',
  }),
});
