/** Why the server does not start: one sentence about what is wrong and what to do. */

export interface StartupFault {
  readonly code: 'data' | 'keys' | 'store' | 'listen' | 'tls' | 'clock';
  /** Complete sentences for the operator. */
  readonly detail: string;
}
