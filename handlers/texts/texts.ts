import type { EndStatus, Totals } from "../order";

/** What a text may say of an order. `reason` is the business step's, as it wrote it. */
export interface Facts {
  orderId: string;
  totals: Totals | undefined;
  reason: string;
}

/** What customers read of an order, for each way to end, in one language. */
export interface Texts {
  /** Of an email: printable ASCII and less than 100 characters, which SNS takes for sure. */
  subject: Record<EndStatus, string>;
  sentence: Record<EndStatus, string>;
  /** A sentence as a text message has it. */
  sms: (sentence: string) => string;
}
