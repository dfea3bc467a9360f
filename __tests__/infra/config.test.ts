import { DEFAULTS, parseConfig, type StackConfig } from "../../infra/config";

function parse(config: Record<string, string>): StackConfig {
  return parseConfig({ "aws:region": "eu-west-1", ...config });
}

function errorOf(key: string, value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  try {
    parse({ [`order-processing:${key}`]: text });
    return "accepted";
  } catch (error) {
    return (error as Error).message;
  }
}

describe("the stack's config", () => {
  it("has a default for every key, and leaves others' keys alone", () => {
    expect(parse({ "other:thing": "x" })).toEqual(DEFAULTS);
  });

  it("fills in what an object does not say", () => {
    const config = parse({ "order-processing:processing": '{"batchSize":3}' });
    expect(config.processing).toEqual({ ...DEFAULTS.processing, batchSize: 3 });
  });

  it("takes the longest life of an order", () => {
    const config = parse({
      "order-processing:processing": '{"timeoutSeconds":900,"maxAttempts":100}',
    });
    expect(config.processing).toMatchObject({ timeoutSeconds: 900, maxAttempts: 100 });
  });

  it.each(["COMPLETED", "REJECTED", "FAILED"])("takes subscriptions to %s orders", (status) => {
    const subscriptions = [{ protocol: "sms", endpoint: "+15550100", status }];
    const text = JSON.stringify(subscriptions);
    expect(parse({ "order-processing:subscriptions": text })).toMatchObject({
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
      "auth",
      { issuer: "http://issuer.example.com", audience: "orders" },
      /^order-processing:auth.issuer must be the https URL of an OpenID Connect issuer/,
    ],
    ["auth", { issuer: "https://i.example.com/?a=b", audience: "orders" }, /auth.issuer must be/],
    ["auth", { issuer: "https://i.example.com" }, /^order-processing:auth.audience is missing: /],
    [
      "auth",
      { audience: "orders" },
      "order-processing:auth.audience is set, but auth.issuer is not: the API would be open.",
    ],
    ["auth", { issuer: "", staffValue: "a" }, /auth.staffValue is set, but auth.issuer is not/],
    [
      "auth",
      { issuer: "https://i.example.com", audience: "orders", staffValue: "a b" },
      'order-processing:auth.staffValue must be one value without spaces, or "".',
    ],
    [
      "auth",
      { issuer: "https://i.example.com", audience: "orders", jwksUri: "file:///keys" },
      /^order-processing:auth.jwksUri must be the https URL/,
    ],
    ["auth", { isuer: "" }, /auth.isuer is not a config key of this stack. Known here: issuer, /],
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
      'order-processing:kmsKeyArn must be the ARN of a KMS key (arn:aws:kms:…:key/…), or "" for keys of AWS.',
    ],
    [
      "kmsKeyArn",
      "arn:aws:kms:us-east-1:123456789012:key/0b7c2f6e-4a8e-4f1d-9a51-2f0d6a1c9e77",
      "order-processing:kmsKeyArn is a key in us-east-1, but aws:region is eu-west-1.",
    ],
    [
      "kmsKeyArn",
      "arn:aws-cn:kms:cn-north-1:123456789012:key/0b7c2f6e-4a8e-4f1d-9a51-2f0d6a1c9e77",
      /^order-processing:kmsKeyArn must be the ARN of a KMS key/,
    ],
    [
      "table",
      { maxReadRequestUnits: -2 },
      "order-processing:table.maxReadRequestUnits must be a whole number of request units per second from -1 to 1000000.",
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
      "order-processing:subscriptions.0.status must be one of COMPLETED, REJECTED, FAILED, CANCELLED.",
    ],
    [
      "notifications",
      { language: "pt" },
      "order-processing:notifications.language must be one of en, pt-BR.",
    ],
    ["notifications", "pt-BR", "order-processing:notifications must be an object."],
    [
      "notifications",
      { locale: "pt-BR" },
      "order-processing:notifications.locale is not a config key of this stack. Known here: language.",
    ],
    [
      "alarms",
      { threshold: 1 },
      /^order-processing:alarms.threshold is not a config key of this stack. Known here: enabled, /,
    ],
    [
      "alarms",
      { subscriptions: [{ protocol: "https", endpoint: "http://example.com" }] },
      /^order-processing:alarms.subscriptions.0 must be an object whose endpoint suits its protocol/,
    ],
    [
      "alarms",
      { subscriptions: [{ protocol: "sms", endpoint: "+15550100", status: "FAILED" }] },
      "order-processing:alarms.subscriptions.0.status is not a config key of this stack. Known here: protocol, endpoint.",
    ],
    [
      "processing",
      { timeoutSeconds: 1.5 },
      "order-processing:processing.timeoutSeconds must be a whole number of seconds from 1 to 900.",
    ],
  ])("refuses %s: %j", (key, value, sentence) => {
    expect(errorOf(key, value)).toEqual(
      sentence instanceof RegExp ? expect.stringMatching(sentence) : sentence,
    );
  });

  it("refuses a budget that nobody would hear of", () => {
    const config = {
      "order-processing:alarms": '{"enabled":false}',
      "order-processing:budget": '{"monthlyUsd":50}',
    };
    expect(() => parse(config)).toThrow(
      "order-processing:budget.monthlyUsd warns by the topic of alarms: set alarms.enabled to true, " +
        "or budget.monthlyUsd to 0.",
    );
  });

  it("names everything that is wrong at once", () => {
    const error = errorOf("processing", { batchSize: 0, maxAttempts: "x" });
    expect(error.split("\n")).toHaveLength(2);
  });

  it.each(["cn-north-1", "us-gov-west-1", "us-iso-east-1", "eusc-de-east-1"])(
    "refuses the region %s of another partition",
    (region) => {
      expect(() => parse({ "aws:region": region })).toThrow(
        `aws:region is ${region}: this program runs in regions of the partition "aws" only.`,
      );
    },
  );
});
