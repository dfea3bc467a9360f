import { readFileSync } from "node:fs";
import * as path from "node:path";
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  ListMetricsCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  GetAccountSettingsCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListFunctionsCommand,
} from "@aws-sdk/client-lambda";
import { GetScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { METRIC_NAMESPACE, type MetricName, STACK_DIMENSION } from "../../handlers/metrics";
import { eventually } from "../../harness/eventually";
import { type Laptop, startLaptop } from "../../harness/laptop";
import { copyProject } from "../../harness/project-copy";
import { aRequest, isNotified } from "../support/orders";

const ALARM = "order-processing-dev-tested";
const WITH_ALARM = `
import { cloudwatch } from "@pulumi/aws";
new cloudwatch.MetricAlarm("${ALARM}", {
  name: "${ALARM}",
  alarmDescription: "tested",
  namespace: "${METRIC_NAMESPACE}",
  metricName: "OrdersFailed",
  dimensions: { ${STACK_DIMENSION}: "dev" },
  statistic: "Sum",
  period: 60,
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
  threshold: 0,
  comparisonOperator: "GreaterThanThreshold",
  treatMissingData: "notBreaching",
});
`;

const program = readFileSync(path.join(__dirname, "../../index.ts"), "utf8");
const copy = copyProject({ "index.ts": program + WITH_ALARM });
const OF_STACK = { [STACK_DIMENSION]: "dev" };
const started = new Date();
let laptop: Laptop;
let isTableThrottled = false;
let orderId: string;
let apiAddress: string;
const clients: { destroy: () => void }[] = [];

/** At the API's own address, where whoever operates the stack finds it. */
function clientOf<C extends { destroy: () => void }>(
  Client: new (config: Laptop["client"]) => C,
  accessKeyId = "operator",
): C {
  const credentials = { ...laptop.client.credentials, accessKeyId };
  const client = new Client({ ...laptop.client, endpoint: apiAddress, credentials });
  clients.push(client);
  return client;
}

beforeAll(async () => {
  laptop = await startLaptop({
    directory: copy.directory,
    faults: ({ caller, action }) =>
      isTableThrottled && caller === "get-order" && action === "GetItem" ? "throttled" : undefined,
  });
  apiAddress = new URL(laptop.output("apiUrl")).origin;
  orderId = await laptop.accepted(aRequest);
  await laptop.until(orderId, "notified", isNotified);
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  await laptop.stop();
  copy.remove();
});

const functionName = (key: string) =>
  (laptop.outputs["functionNames"] as Record<string, string>)[key];
const logGroupName = (key: string) =>
  (laptop.outputs["logGroupNames"] as Record<string, string>)[key];

const sumOf = (namespace: string, name: string, dimensions: Record<string, string>) =>
  laptop.metrics.statistic({ namespace, name, dimensions }, "Sum", 0, Infinity);

/** Gives by how much the metric has grown since. */
function increase(...metric: Parameters<typeof sumOf>): () => number {
  const before = sumOf(...metric) ?? 0;
  return () => (sumOf(...metric) ?? 0) - before;
}

describe("an operator at the laptop's API address", () => {
  it("gets the stack's outputs", async () => {
    const response = await fetch(`${apiAddress}/_laptop/outputs`);
    expect(response.status).toBe(200);
    const defined = JSON.parse(JSON.stringify(laptop.outputs)) as unknown;
    expect(await response.json()).toEqual(defined);
    expect(laptop.outputs).toHaveProperty("tableName");
    const posted = await fetch(`${apiAddress}/_laptop/outputs`, { method: "POST" });
    expect(posted.status).toBe(405);
  });

  it("finds an order's log entries, in order and page by page", async () => {
    const logs = clientOf(CloudWatchLogsClient);
    const logGroup = logGroupName("process-order");
    const filterPattern = `{ $.orderId = "${orderId}" }`;
    const find = (more: object) =>
      logs.send(new FilterLogEventsCommand({ logGroupName: logGroup, ...more }));
    const { events = [], nextToken } = await find({ filterPattern });
    expect(nextToken).toBeUndefined();
    const entries = events.map(({ message = "" }) => JSON.parse(message) as object);
    expect(entries).toContainEqual(
      expect.objectContaining({ message: "order completed", level: "INFO", orderId }),
    );
    const times = events.map(({ timestamp = 0 }) => timestamp);
    expect(times).toEqual([...times].sort((one, other) => one - other));
    expect(times[0]).toBeGreaterThanOrEqual(started.getTime());

    const all = await find({});
    const first = await find({ limit: 1 });
    const rest = await find({ nextToken: first.nextToken });
    expect(first.events).toHaveLength(1);
    expect([...(first.events ?? []), ...(rest.events ?? [])]).toEqual(all.events);
    expect((await find({ endTime: started.getTime() })).events).toEqual([]);
    expect((await find({ filterPattern: '"no such text"' })).events).toEqual([]);
    await expect(find({ filterPattern: "{ $.a > 1 }" })).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: expect.stringContaining("the laptop knows filter patterns"),
    });
  });

  it("finds log groups by their beginnings", async () => {
    const logs = clientOf(CloudWatchLogsClient);
    const { logGroups = [] } = await logs.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: "/aws/lambda/order-processing-dev-get" }),
    );
    expect(logGroups.map((group) => group.logGroupName)).toEqual([logGroupName("get-order")]);
    await expect(
      logs.send(new FilterLogEventsCommand({ logGroupName: "nowhere" })),
    ).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("sees alarms by name, beginning and state", async () => {
    const cloudwatch = clientOf(CloudWatchClient);
    const describe = async (by: object) =>
      (await cloudwatch.send(new DescribeAlarmsCommand(by))).MetricAlarms ?? [];
    const [alarm, ...others] = await describe({ AlarmNamePrefix: "order-processing-dev-te" });
    expect(others).toEqual([]);
    expect(alarm).toMatchObject({
      AlarmName: ALARM,
      AlarmArn: expect.stringMatching(/^arn:aws:cloudwatch:.*:alarm:/),
      AlarmDescription: "tested",
      Namespace: METRIC_NAMESPACE,
      MetricName: "OrdersFailed",
      Dimensions: [{ Name: STACK_DIMENSION, Value: "dev" }],
      Statistic: "Sum",
      Period: 60,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      Threshold: 0,
      TreatMissingData: "notBreaching",
      StateUpdatedTimestamp: expect.any(Date),
    });
    const StateValue = alarm?.StateValue;
    expect(await describe({ AlarmNames: [ALARM], StateValue })).toHaveLength(1);
    expect(await describe({ AlarmNames: [ALARM], StateValue: "ALARM" })).toEqual([]);
    expect(await describe({ AlarmNames: ["other"] })).toEqual([]);
  });

  it("gets metrics, and what expressions make of them", async () => {
    const cloudwatch = clientOf(CloudWatchClient);
    const Dimensions = [{ Name: STACK_DIMENSION, Value: "dev" }];
    const MetricStat = (MetricName: string) => ({
      Metric: { Namespace: METRIC_NAMESPACE, MetricName, Dimensions },
      Period: 3600,
      Stat: "Sum",
    });
    const get = (MetricDataQueries: object[]) =>
      cloudwatch.send(
        new GetMetricDataCommand({
          StartTime: started,
          EndTime: new Date(Date.now() + 1000),
          MetricDataQueries: MetricDataQueries.map((query) => ({ Id: "x", ...query })),
        }),
      );
    const { MetricDataResults: results = [] } = await get([
      { Id: "done", MetricStat: MetricStat("OrdersCompleted") },
      { Id: "failed", MetricStat: MetricStat("OrdersFailed"), ReturnData: false },
      { Id: "all", Expression: "FILL(failed, 0) + done * 2", Label: "twice" },
    ]);
    const completed = sumOf(METRIC_NAMESPACE, "OrdersCompleted", OF_STACK) ?? 0;
    expect(completed).toBeGreaterThan(0);
    const total = (values: number[] = []) => values.reduce((sum, value) => sum + value, 0);
    expect(results.map(({ Id, Label, Values }) => [Id, Label, total(Values)])).toEqual([
      ["done", "OrdersCompleted", completed],
      ["all", "twice", completed * 2],
    ]);
    const at = results[0]?.Timestamps?.[0]?.getTime() ?? 0;
    expect(at % 3_600_000).toBe(0);
    await expect(get([{ Expression: "ANOMALY_DETECTION_BAND(done)" }])).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining("ANOMALY_DETECTION_BAND"),
    });
    await expect(get([{}])).rejects.toMatchObject({ name: "ValidationException" });
  });

  it("sees what functions are configured with, and the account's concurrency", async () => {
    const lambda = clientOf(LambdaClient);
    const FunctionName = functionName("process-order");
    const found = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    expect(found).toMatchObject({
      FunctionName,
      State: "Active",
      Timeout: expect.any(Number),
      MemorySize: expect.any(Number),
      Environment: { Variables: expect.objectContaining({ TIMEOUT_SECONDS: expect.any(String) }) },
      LoggingConfig: { LogFormat: "JSON", LogGroup: logGroupName("process-order") },
      LastModified: expect.stringMatching(/^\d{4}-.*\+0000$/),
    });
    const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand());
    expect(AccountLimit).toMatchObject({
      ConcurrentExecutions: 1000,
      UnreservedConcurrentExecutions: 1000,
    });
    await expect(
      lambda.send(new GetFunctionConfigurationCommand({ FunctionName: "nobody" })),
    ).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("sees a schedule", async () => {
    const scheduler = clientOf(SchedulerClient);
    const Name = laptop.output("scheduleName");
    expect(await scheduler.send(new GetScheduleCommand({ Name }))).toMatchObject({
      Name,
      GroupName: "default",
      State: "ENABLED",
      ScheduleExpression: "rate(1 minute)",
    });
    const elsewhere = new GetScheduleCommand({ Name, GroupName: "other" });
    await expect(scheduler.send(elsewhere)).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });

  it("is told by name what the laptop does not know", async () => {
    const sent = [
      clientOf(CloudWatchClient).send(new ListMetricsCommand({})),
      clientOf(LambdaClient).send(new ListFunctionsCommand({})),
    ];
    const [ofCloudwatch, ofLambda] = await Promise.allSettled(sent);
    const unknown = (message: string): unknown =>
      expect.objectContaining({
        reason: expect.objectContaining({ name: "UnknownOperationException", message }),
      });
    expect(ofCloudwatch).toEqual(
      unknown(
        "the laptop does not know ListMetrics of cloudwatch, only DescribeAlarms, GetMetricData",
      ),
    );
    expect(ofLambda).toEqual(
      unknown(
        "the laptop does not know GET /2015-03-31/functions of lambda, only GetAccountSettings, GetFunctionConfiguration",
      ),
    );
  });

  it("is refused by an error that it understands when it speaks CloudWatch's query protocol", async () => {
    const scope = "operator/20260102/eu-west-1/monitoring/aws4_request";
    const response = await fetch(apiAddress, {
      method: "POST",
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: "Action=DescribeAlarms&Version=2010-08-01",
    });
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(/<Code>InvalidAction<.*the laptop knows JSON only/);
  });
});

describe("a function that makes an operator's calls", () => {
  it("is denied what its role does not allow", async () => {
    const name = functionName("get-order");
    const denied = (action: string, resource: string) => ({
      name: "AccessDeniedException",
      message: expect.stringMatching(
        new RegExp(`not authorized to perform: ${action} on resource: ${resource}`),
      ),
    });
    await expect(
      clientOf(CloudWatchClient, name).send(new DescribeAlarmsCommand({})),
    ).rejects.toMatchObject(denied("cloudwatch:DescribeAlarms", "\\*"));
    await expect(
      clientOf(LambdaClient, name).send(new GetFunctionConfigurationCommand({ FunctionName: "f" })),
    ).rejects.toMatchObject(denied("lambda:GetFunctionConfiguration", "arn:.*:function:f "));
    await expect(
      clientOf(SchedulerClient, name).send(new GetScheduleCommand({ Name: "s" })),
    ).rejects.toMatchObject(denied("scheduler:GetSchedule", "arn:.*:schedule/default/s "));
    await expect(
      clientOf(CloudWatchLogsClient, name).send(new FilterLogEventsCommand({ logGroupName: "g" })),
    ).rejects.toMatchObject(denied("logs:FilterLogEvents", "arn:.*:log-group:g:log-stream: "));
  });
});

describe("the laptop's metrics", () => {
  it("are of the functions, by Lambda and by themselves, of the API, the table and the queues", async () => {
    const ofOrders = (name: MetricName) => increase(METRIC_NAMESPACE, name, OF_STACK);
    const ofApi = { ApiName: "order-processing-dev", Stage: "dev" };
    const [accepted, completed] = [ofOrders("OrdersAccepted"), ofOrders("OrdersCompleted")];
    const invocations = increase("AWS/Lambda", "Invocations", { FunctionName: "create-order" });
    const requests = increase("AWS/ApiGateway", "Count", ofApi);
    const errors = increase("AWS/ApiGateway", "5XXError", ofApi);
    const throttled = increase("AWS/DynamoDB", "ReadThrottleEvents", { TableName: "orders" });
    const published = increase("AWS/SNS", "NumberOfMessagesPublished", {
      TopicName: "order-events",
    });

    const id = await laptop.accepted(aRequest);
    isTableThrottled = true;
    const { status } = await fetch(`${laptop.output("apiUrl")}orders/${id}`);
    isTableThrottled = false;
    expect(status).toBe(503);
    await eventually("the order's end", () => completed() === 1);

    expect(accepted()).toBe(1);
    expect(invocations()).toBe(1);
    expect(requests()).toBe(2);
    expect(errors()).toBe(1);
    // Each try of the one call.
    expect(throttled()).toBeGreaterThan(1);
    expect(published()).toBe(1);
    const ofDeadLetters = { QueueName: "orders-dead-letters" };
    const depth = () => sumOf("AWS/SQS", "ApproximateNumberOfMessagesVisible", ofDeadLetters) === 0;
    await eventually("a sample of the queues", depth);
  });
});
