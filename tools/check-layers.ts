/** `node tools/check-layers.ts`: fails when a source file breaks the rules of the house. */
import { findViolations } from './layers/check.ts';
import { readTypeScript } from './source-files.ts';

const violations = findViolations(readTypeScript());
for (const violation of violations) console.error(violation);
process.exitCode = violations.length === 0 ? 0 : 1;
