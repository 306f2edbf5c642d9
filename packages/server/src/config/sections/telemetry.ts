/** Options of what the server says about itself. */
import { option, section } from '../option.ts';
import { oneOf } from '../values.ts';

export const log = section('The log, on standard error.', {
  level: option(oneOf('debug', 'info', 'warn', 'error', 'off'), 'info', {
    doc: 'The least important messages that are written.',
    type: '`debug`, `info`, `warn`, `error` or `off`',
  }),
  format: option(oneOf('auto', 'text', 'json'), 'auto', {
    doc: '`text` for people, `json` for programs; `auto` writes text on a terminal and JSON elsewhere.',
    type: '`auto`, `text` or `json`',
  }),
});
