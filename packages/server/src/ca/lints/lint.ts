/**
 * What a lint is: one rule, asked of a certificate before it is signed.
 * @spec CABF-BR §4.3.1.2
 */
import type { LintSubject } from './lint-subject.ts';

export interface Lint {
  /** Also the name of its file. */
  readonly name: string;
  /** Certificates that the rule is about. */
  readonly scope: 'every' | 'leaf' | 'ca';
  /** What is wrong, in a few words; `undefined` when nothing is. */
  check(subject: LintSubject): string | undefined;
}
