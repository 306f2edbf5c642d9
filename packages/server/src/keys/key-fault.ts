/** What can be wrong with the keys at start, each with one sentence that says what to do. */

export interface KeyFault {
  readonly code:
    | 'loose-mode'
    | 'not-a-folder'
    | 'not-a-file'
    | 'unreadable'
    | 'unwritable'
    | 'missing-key'
    | 'damaged-key-file'
    | 'weak-passphrase'
    | 'wrong-key'
    | 'other-kind-of-key'
    | 'unknown-format';
  /** One sentence for the operator; never contains key material. */
  readonly detail: string;
}
