/** What one check of `tegata doctor` found. */

export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** What to do, unless all is well. */
  readonly remedy?: string;
}

/** All is well. */
export function well(check: string, detail: string): Finding {
  return { check, state: 'ok', detail };
}

/** It works, but not for long or not as meant. */
export function warn(check: string, detail: string, remedy: string): Finding {
  return { check, state: 'warn', detail, remedy };
}

/** It does not work. */
export function bad(check: string, detail: string, remedy: string): Finding {
  return { check, state: 'fail', detail, remedy };
}
