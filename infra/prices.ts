/** Where AWS publishes the prices below, and of when they are. */
export const PRICE_LIST = {
  region: "us-east-1",
  date: "June 2026",
  sources: [
    "https://aws.amazon.com/api-gateway/pricing/",
    "https://aws.amazon.com/lambda/pricing/",
    "https://aws.amazon.com/dynamodb/pricing/on-demand/",
    "https://aws.amazon.com/sqs/pricing/",
    "https://aws.amazon.com/sns/pricing/",
    "https://aws.amazon.com/cloudwatch/pricing/",
    "https://aws.amazon.com/xray/pricing/",
    "https://aws.amazon.com/eventbridge/pricing/",
  ],
};

/**
 * AWS's list prices in US dollars, without free tiers and volume discounts. Other regions differ by up to a
 * third. Check them before you rely on them: AWS changes them, and nothing here asks it.
 */
export const PRICES = {
  apiRequest: 3.5e-6,
  functionRequest: 0.2e-6,
  /** On arm64. */
  functionGigabyteSecond: 13.3334e-6,
  /** On x86_64. */
  functionGigabyteSecondX86: 16.6667e-6,
  /** On demand. */
  tableReadUnit: 0.125e-6,
  tableWriteUnit: 0.625e-6,
  /** A month. */
  tableGigabyte: 0.25,
  /** A month of continuous backups. */
  tableBackupGigabyte: 0.2,
  queueRequest: 0.4e-6,
  topicPublish: 0.5e-6,
  logByte: 0.5e-9,
  traceRecorded: 5e-6,
  scheduledInvocation: 1e-6,
  /** A month. */
  customMetric: 0.3,
  /** A month, for each metric that it watches. */
  alarmMetric: 0.1,
  /** A month. */
  dashboard: 3,
};
