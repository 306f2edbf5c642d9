/** How an identifier of an order appears in a certificate. */
import type { GeneralName } from '@tegata/core/x509/general-name';

export interface CertifiableIdentifier {
  /** ACME identifier type. */
  readonly type: string;
  /** The subject alternative name; `undefined` when the value is none of this type. */
  toGeneralName(value: string): GeneralName | undefined;
}
