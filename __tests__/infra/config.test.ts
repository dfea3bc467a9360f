import { DEFAULTS, parseConfig } from "../../infra/config";

function complaintOf(key: string, value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  try {
    parseConfig({ [`order-processing:${key}`]: text });
    return "accepted";
  } catch (error) {
    return (error as Error).message;
  }
}

describe("the stack's config", () => {
  it("has a default for every key, and leaves others' keys alone", () => {
    expect(parseConfig({ "aws:region": "eu-west-1", "other:thing": "x" })).toEqual(DEFAULTS);
  });

  it("fills in what an object does not say", () => {
    const config = parseConfig({ "order-processing:processing": '{"batchSize":3}' });
    expect(config.processing).toEqual({ ...DEFAULTS.processing, batchSize: 3 });
  });

  it("takes the longest life of an order", () => {
    const config = parseConfig({
      "order-processing:processing": '{"timeoutSeconds":900,"maxAttempts":100}',
    });
    expect(config.processing).toMatchObject({ timeoutSeconds: 900, maxAttempts: 100 });
  });

  it.each(["COMPLETED", "REJECTED", "FAILED"])("takes subscriptions to %s orders", (status) => {
    const subscriptions = [{ protocol: "sms", endpoint: "+15550100", status }];
    const text = JSON.stringify(subscriptions);
    expect(parseConfig({ "order-processing:subscriptions": text })).toMatchObject({
      subscriptions,
    });
  });

  it.each([
    [
      "throtle",
      {},
      /^order-processing:throtle is not a config key of this stack. Known here: throttle, /,
    ],
    ["throttle", 7, "order-processing:throttle must be an object."],
    [
      "throttle",
      { rate: 7 },
      "order-processing:throttle.rate is not a config key of this stack. Known here: rateLimit, burstLimit.",
    ],
    [
      "throttle",
      { rateLimit: 0 },
      "order-processing:throttle.rateLimit must be a whole number of requests per second from 1 to 10000.",
    ],
    ["logRetentionDays", 31, /^order-processing:logRetentionDays must be one of CloudWatch's/],
    ["logRetentionDays", "abc", /^order-processing:logRetentionDays must be one of CloudWatch's/],
    ["protectData", "yes", "order-processing:protectData must be true or false."],
    ["requireApiKey", 1, "order-processing:requireApiKey must be true or false."],
    [
      "usagePlan",
      { quotaPeriod: "YEAR" },
      "order-processing:usagePlan.quotaPeriod must be one of DAY, WEEK, MONTH.",
    ],
    [
      "usagePlan",
      { quotaLimit: 0 },
      "order-processing:usagePlan.quotaLimit must be a whole number of requests from 1 to 2147483647.",
    ],
    [
      "kmsKeyArn",
      "arn:aws:kms:eu-west-1:123456789012:alias/orders",
      'order-processing:kmsKeyArn must be the ARN of a KMS key (arn:aws:kms:…:key/…), or "" for the keys that AWS manages.',
    ],
    ["subscriptions", {}, "order-processing:subscriptions must be a list."],
    [
      "subscriptions",
      [{ protocol: "fax", endpoint: "1" }],
      "order-processing:subscriptions.0.protocol must be one of email, email-json, https, sms, sqs.",
    ],
    [
      "subscriptions",
      [{ protocol: "sms" }],
      "order-processing:subscriptions.0.endpoint must be a non-empty string.",
    ],
    [
      "subscriptions",
      [{ protocol: "sms", endpoint: "+1", filter: {} }],
      /^order-processing:subscriptions.0.filter is not a config key of this stack. Known here: protocol, /,
    ],
    ["logRetentionDays", true, /^order-processing:logRetentionDays must be one of CloudWatch's/],
    [
      "subscriptions",
      [{ protocol: "https", endpoint: "example.com" }],
      /^order-processing:subscriptions.0 must be an object whose endpoint suits its protocol/,
    ],
    [
      "subscriptions",
      [
        { protocol: "email", endpoint: "a@example.com", status: "FAILED" },
        { protocol: "email", endpoint: "a@example.com", status: "COMPLETED" },
      ],
      "order-processing:subscriptions must be a list that names each endpoint once.",
    ],
    [
      "processing",
      { maximumConcurrency: 1 },
      "order-processing:processing.maximumConcurrency must be a whole number of workers from 2 to 1000.",
    ],
    [
      "processing",
      { maxReceiveCount: 5 },
      "order-processing:processing.maxReceiveCount is not a config key of this stack. Known here: timeoutSeconds, batchSize, maximumConcurrency, maxAttempts.",
    ],
    [
      "processing",
      { maxAttempts: 0 },
      "order-processing:processing.maxAttempts must be a whole number of attempts from 1 to 100.",
    ],
    [
      "subscriptions",
      [{ protocol: "sms", endpoint: "+15550100", status: "PROCESSING" }],
      "order-processing:subscriptions.0.status must be one of COMPLETED, REJECTED, FAILED.",
    ],
    [
      "processing",
      { timeoutSeconds: 1.5 },
      "order-processing:processing.timeoutSeconds must be a whole number of seconds from 1 to 900.",
    ],
  ])("refuses %s: %j", (key, value, sentence) => {
    expect(complaintOf(key, value)).toEqual(
      sentence instanceof RegExp ? expect.stringMatching(sentence) : sentence,
    );
  });

  it("names everything that is wrong at once", () => {
    const complaint = complaintOf("processing", { batchSize: 0, maxAttempts: "x" });
    expect(complaint.split("\n")).toHaveLength(2);
  });
});
