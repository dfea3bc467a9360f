/** What can be counted nowhere but on AWS: assumed, and stated with every figure that needs it. */
export const ASSUMED = {
  /**
   * What a function waits for a call to AWS in the same region, in milliseconds: DynamoDB answers in 3 to 8, SQS in 8
   * to 15, SNS in 15 to 30, and two thirds of an order's calls are DynamoDB's.
   */
  callMilliseconds: 10,
  /** With so much memory a function has one vCPU, and with less its share of one. */
  megabytesOfOneVcpu: 1769,
  /** X-Ray's default rule, besides the first request of each second. */
  sampledShare: 0.05,
  /** Lambda polls a queue that is idle by so many long polls at a time. */
  pollers: 5,
  longPollSeconds: 20,
};
