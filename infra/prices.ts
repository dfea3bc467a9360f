/**
 * AWS's list prices in US dollars: us-east-1, June 2026, without free tiers and volume discounts. Other
 * regions differ by up to a third.
 */
export const PRICES = {
  apiRequest: 3.5e-6,
  functionRequest: 0.2e-6,
  /** On arm64. */
  functionGigabyteSecond: 13.3334e-6,
  /** On demand. */
  tableReadUnit: 0.125e-6,
  tableWriteUnit: 0.625e-6,
  queueRequest: 0.4e-6,
  topicPublish: 0.5e-6,
  logByte: 0.5e-9,
};
