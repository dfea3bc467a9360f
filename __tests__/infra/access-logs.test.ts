import {
  arn,
  type Evaluated,
  evaluateWithoutArchives,
  inputsOf,
  namesOf,
} from "../support/aws-mocks";
import { unknownMetrics } from "../support/known-metrics";
import { alarmsOf, metricsOfAlarm, metricsOfFilters } from "../support/registered-metrics";

const STAGE = "aws:apigateway/stage:Stage";
const FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter";

describe("access logs", () => {
  let program: Evaluated;
  let entry: Record<string, string>;

  beforeAll(async () => {
    program = await evaluateWithoutArchives({
      "order-processing:accessLogs": true,
      "order-processing:logRetentionDays": 7,
    });
    const { accessLogSettings } = inputsOf(program, STAGE, "orders");
    const { format } = accessLogSettings as { format: string };
    entry = JSON.parse(format) as Record<string, string>;
  });

  it("go to a log group of their own, which is kept as long as the others", () => {
    const { accessLogSettings } = inputsOf(program, STAGE, "orders");
    expect(accessLogSettings).toMatchObject({
      destinationArn: arn("logs", "log-group:orders-access"),
    });
    expect(inputsOf(program, "aws:cloudwatch/logGroup:LogGroup", "orders-access")).toEqual({
      namePrefix: "/aws/apigateway/order-processing-dev-",
      retentionInDays: 7,
    });
  });

  it("hold ids, times and outcomes, and nothing that a client has sent", () => {
    expect(entry).toMatchObject({
      stack: "dev",
      requestId: "$context.requestId",
      httpMethod: "$context.httpMethod",
      resourcePath: "$context.resourcePath",
      status: "$context.status",
      responseLatency: "$context.responseLatency",
    });
    const sent = /sourceIp|userAgent|user\b|caller|\.path$|protocol|authorizer|domainName/;
    expect(Object.values(entry).filter((variable) => sent.test(variable))).toEqual([]);
  });

  it("make a metric of throttled requests, by fields that the entry has", () => {
    const { pattern, logGroupName, metricTransformation } = inputsOf(
      program,
      FILTER,
      "orders-throttled",
    );
    expect([logGroupName, pattern]).toEqual(["/logs/orders-access", '{ $.status = "429" }']);
    const { dimensions } = metricTransformation as { dimensions: Record<string, string> };
    expect(dimensions).toEqual({ stack: "$.stack" });
    expect(Object.keys(entry)).toEqual(expect.arrayContaining(["status", "stack"]));
  });

  it("make clients that are turned away an alarm, on that metric", () => {
    const throttled = alarmsOf(program)["requests-throttled"];
    if (!throttled) throw new Error("there is no alarm on throttled requests");
    const metrics = metricsOfAlarm(throttled);
    expect(unknownMetrics(metrics)).toHaveLength(1);
    expect(unknownMetrics(metrics, metricsOfFilters(program))).toEqual([]);
    expect(throttled.dimensions).toEqual({ stack: "dev" });
  });

  it("never set the role of the whole account", () => {
    expect(namesOf(program, "aws:apigateway/account:Account")).toEqual([]);
  });
});
