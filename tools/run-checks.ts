/** `npm run check`: types, lint and format, layers, unused code, generated pages. With `-- --write` it renews the pages first. */
import { runChecks, writePages } from './checks.ts';

if (process.argv.includes('--write')) await writePages();
if ((await runChecks()) > 0) process.exitCode = 1;
