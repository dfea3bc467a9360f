import type { AwsCall } from "../../../laptop/aws-call";
import { isKnownMetric } from "../../../laptop/cloudwatch/known-metrics";
import type { MetricId, Metrics } from "../../../laptop/cloudwatch/metrics";
import { makeObserver } from "../../../laptop/cloudwatch/observer";
import type { StackEvent } from "../../../laptop/events";

const NOW = 1000;
type Put = [MetricId, number, number];

/** What an observer makes of something, as `<namespace> <name> <dimensions>` → value. */
function observed(act: (observer: ReturnType<typeof makeObserver>) => void): object {
  const puts: Put[] = [];
  const metrics: Metrics = {
    put: (...args) => void puts.push(args),
    statistic: () => undefined,
  };
  act(makeObserver(metrics, () => NOW));
  expect(puts.filter(([id]) => !isKnownMetric(id))).toEqual([]);
  expect(puts.filter(([, , at]) => at !== NOW)).toEqual([]);
  return Object.fromEntries(
    puts.map(([{ namespace, name, dimensions }, value]) => [
      [namespace, name, ...Object.values(dimensions)].join(" "),
      value,
    ]),
  );
}
const ofEvent = (event: StackEvent) => observed((observer) => observer.event(event));

const request = {
  kind: "request" as const,
  method: "GET",
  path: "/dev/orders",
  status: 200,
  milliseconds: 20,
  api: { name: "orders", stage: "dev" },
  madeBy: "function" as const,
  integrationMilliseconds: 15,
};
const invocation = {
  kind: "invocation" as const,
  function: "work",
  requestId: "r",
  pid: 1,
  milliseconds: 9,
  error: undefined,
  log: [],
  logGroup: "g",
};
const call = (fields: Partial<AwsCall>): AwsCall => ({
  caller: "work",
  sandboxId: "s",
  service: "dynamodb",
  action: "PutItem",
  resource: "orders",
  invocationId: "i",
  body: Buffer.from(""),
  fields: {},
  ...fields,
});

describe("metrics of a function", () => {
  it("are of each invocation", () => {
    expect(ofEvent(invocation)).toEqual({
      "AWS/Lambda Invocations work": 1,
      "AWS/Lambda Errors work": 0,
      "AWS/Lambda Throttles work": 0,
      "AWS/Lambda Duration work": 9,
    });
    expect(ofEvent({ ...invocation, error: "no" })).toMatchObject({ "AWS/Lambda Errors work": 1 });
  });

  it("do not count what Lambda rejects as invocations", () => {
    const event = { kind: "throttled" as const, function: "work" };
    expect(ofEvent(event)).toEqual({ "AWS/Lambda Throttles work": 1 });
  });

  it("are its own as well, in the embedded metric format of its log", () => {
    const Metrics = [{ Name: "Sold" }];
    const CloudWatchMetrics = [{ Namespace: "shop", Dimensions: [["stack"]], Metrics }];
    const _aws = { Timestamp: NOW, CloudWatchMetrics };
    const entry = { level: "INFO", message: "", stack: "dev", Sold: 3, _aws };
    expect(ofEvent({ ...invocation, log: [entry] })).toMatchObject({ "shop Sold dev": 3 });
  });
});

describe("metrics of an API", () => {
  it("are of its stage, and of it as a whole", () => {
    const values = { Count: 1, "4XXError": 0, "5XXError": 0, Latency: 20, IntegrationLatency: 15 };
    const of = (suffix: string) =>
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [`AWS/ApiGateway ${name} ${suffix}`, value]),
      );
    expect(ofEvent(request)).toEqual({ ...of("orders dev"), ...of("orders") });
  });

  it.each([
    [200, "function", 0, 0],
    [404, "function", 1, 0],
    [503, "function", 0, 1],
    [502, "gateway", 0, 1],
    [502, "modified-gateway-response", 1, 0],
    [429, "modified-gateway-response", 1, 0],
  ] as const)("count a %i of the %s as CloudWatch does", (status, madeBy, clients, servers) => {
    expect(ofEvent({ ...request, status, madeBy })).toMatchObject({
      "AWS/ApiGateway 4XXError orders dev": clients,
      "AWS/ApiGateway 5XXError orders dev": servers,
    });
  });

  it("are not of a request to no stage, and have no integration latency without a function", () => {
    expect(ofEvent({ ...request, api: undefined })).toEqual({});
    const event = { ...request, integrationMilliseconds: undefined };
    expect(ofEvent(event)).not.toHaveProperty(["AWS/ApiGateway IntegrationLatency orders dev"]);
  });
});

describe("metrics of a table", () => {
  const ofFault = (kind: string, fields: Partial<AwsCall> = {}) =>
    observed((observer) => observer.fault(call(fields), kind));

  it("are of each try that is throttled, by the table or by its index", () => {
    expect(ofFault("throttled")).toEqual({ "AWS/DynamoDB WriteThrottleEvents orders": 1 });
    expect(ofFault("throttled", { action: "GetItem" })).toEqual({
      "AWS/DynamoDB ReadThrottleEvents orders": 1,
    });
    expect(ofFault("throttled", { action: "Query", fields: { IndexName: "open" } })).toEqual({
      "AWS/DynamoDB ReadThrottleEvents orders open": 1,
    });
  });

  it("are of each server error, injected or not", () => {
    const errors = { "AWS/DynamoDB SystemErrors orders PutItem": 1 };
    expect(ofFault("server-error")).toEqual(errors);
    expect(observed((observer) => observer.call(call({}), 500))).toEqual(errors);
    expect(observed((observer) => observer.call(call({}), 400))).toEqual({});
    expect(ofFault("connection-reset")).toEqual({});
    expect(ofFault("server-error", { service: "sqs" })).toEqual({});
  });
});

describe("metrics of a topic", () => {
  it("are of what is published, and of what a subscriber's policy refuses", () => {
    const publish = call({ service: "sns", action: "Publish", resource: "news" });
    expect(observed((observer) => observer.call(publish, 200))).toEqual({
      "AWS/SNS NumberOfMessagesPublished news": 1,
    });
    expect(observed((observer) => observer.call(publish, 403))).toEqual({});
    const to = { subject: "s", topic: "news", to: "lamp", delivered: false };
    expect(ofEvent({ kind: "notification", ...to, refusal: "no" })).toEqual({
      "AWS/SNS NumberOfNotificationsFailed news": 1,
    });
    expect(ofEvent({ kind: "notification", ...to })).toEqual({});
  });
});

describe("metrics of a queue", () => {
  it("are what was found on it", () => {
    const sample = { name: "orders", visible: 2, delayed: 0, notVisible: 1, ageSeconds: 40 };
    expect(observed((observer) => observer.queues([sample]))).toEqual({
      "AWS/SQS ApproximateNumberOfMessagesVisible orders": 2,
      "AWS/SQS ApproximateNumberOfMessagesNotVisible orders": 1,
      "AWS/SQS ApproximateAgeOfOldestMessage orders": 40,
    });
  });
});
