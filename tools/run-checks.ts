/** `npm run check`: types, lint and format, layers, unused code, documents made from sources. */
import { runChecks } from './checks.ts';

if ((await runChecks()) > 0) process.exitCode = 1;
