import { METRICS } from "../../handlers/metrics";
import {
  arn,
  type Evaluated,
  evaluateWithoutArchives,
  inputsOf,
  namesOf,
} from "../support/aws-mocks";
import { FUNCTIONS } from "../support/function-names";
import { unknownMetrics } from "../support/known-metrics";
import { alarmsOf, metricsOfAlarm } from "../support/registered-metrics";

const TOPIC = "aws:sns/topic:Topic";
const ALARM_TOPIC = arn("sns", "alarms");

let program: Evaluated;

beforeAll(async () => {
  program = await evaluateWithoutArchives();
});

function alarm(name: string) {
  const found = alarmsOf(program)[name];
  if (!found) throw new Error(`there is no alarm ${name}`);
  return found;
}

describe("the alarms", () => {
  it("are these, and no other", () => {
    const ofFunctions = FUNCTIONS.flatMap((name) =>
      ["errors", "throttles", "slow"].map((what) => `${name}-${what}`),
    );
    expect(Object.keys(alarmsOf(program)).sort()).toEqual(
      [
        ...["oldest-order", "reconciler-stopped", "orders-failed", "undo-failed"],
        ...["attempts-failing", "notifications-failed", "unrecognised-messages", "queue-age"],
        ...["api-errors", "api-slow", "table-throttles", "table-errors", "deliveries-failed"],
        ...ofFunctions,
      ].sort(),
    );
  });

  it("watch metrics that exist, with dimensions that they have", () => {
    const metrics = Object.values(alarmsOf(program)).flatMap(metricsOfAlarm);
    expect(metrics.length).toBeGreaterThan(30);
    expect(unknownMetrics(metrics)).toEqual([]);
  });

  it.each([
    ["a misspelt metric", "AWS/SQS", "ApproximateAgeOfTheOldestMessage", { QueueName: "orders" }],
    ["a metric of another service", "AWS/Lambda", "Latency", { FunctionName: "get-order" }],
    ["a wrong dimension", "AWS/ApiGateway", "Latency", { FunctionName: "get-order" }],
    ["too few dimensions", "AWS/DynamoDB", "SystemErrors", { TableName: "orders" }],
    ["one of ours misspelt", "order-processing", "OrdersComplete", { stack: "dev" }],
  ])("would not pass with %s", (_, namespace, name, dimensions) => {
    expect(unknownMetrics([{ namespace, name, dimensions }])).toHaveLength(1);
  });

  it("have expressions over their own metrics only", () => {
    const withQueries = Object.values(alarmsOf(program)).flatMap(
      ({ metricQueries }) => metricQueries ?? [],
    );
    const expressions = withQueries.flatMap(({ expression }) => expression ?? []);
    expect(expressions).toEqual([
      "100 * failed / (failed + FILL(completed, 0))",
      "FILL(read, 0) + FILL(read_shelves, 0) + FILL(write, 0) + FILL(write_shelves, 0)",
      "FILL(putItem, 0) + FILL(getItem, 0) + FILL(updateItem, 0) + FILL(query, 0)",
    ]);
    const ids = withQueries.flatMap(({ id, metric }) => (metric ? id : []));
    const used = expressions.flatMap((each) => each.match(/\b[a-z]\w*/g) ?? []);
    expect([...new Set(used)].sort()).toEqual([...ids].sort());
    expect(withQueries.filter(({ returnData }) => returnData).length).toBe(expressions.length);
  });

  it("tell a stopped reconciler by its silence, and not before it can have run", () => {
    expect(alarm("reconciler-stopped")).toMatchObject({
      metricName: "OverdueOrders",
      statistic: "SampleCount",
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      treatMissingData: "breaching",
      warmUpConfiguration: { warmUpPeriodDurationInMinutes: 10 },
    });
    const breaching = Object.values(alarmsOf(program)).filter(
      ({ treatMissingData }) => treatMissingData === "breaching",
    );
    expect(breaching).toHaveLength(1);
  });

  it("warn of a function at four fifths of its timeout", () => {
    for (const name of FUNCTIONS) {
      const { timeout } = inputsOf(program, "aws:lambda/function:Function", name);
      expect(alarm(`${name}-slow`)).toMatchObject({
        extendedStatistic: "p99",
        dimensions: { FunctionName: name },
        threshold: Number(timeout) * 800,
      });
    }
  });

  it("are published when they begin and when they end", () => {
    for (const { alarmActions, okActions } of Object.values(alarmsOf(program))) {
      expect([alarmActions, okActions]).toEqual([[ALARM_TOPIC], [ALARM_TOPIC]]);
    }
  });

  it("have names by which they are found, and a description that CloudWatch takes", () => {
    for (const [short, { name, alarmDescription }] of Object.entries(alarmsOf(program))) {
      expect(name).toBe(`order-processing-dev-${short}`);
      expect(alarmDescription).toMatch(/^\S[^.]*\. docs\/runbook\.md#[a-z-]+$/);
      expect(alarmDescription.length).toBeLessThanOrEqual(1024);
    }
  });

  it.each([
    ["create-order", "requests that need it get 502"],
    ["cancel-order", "requests that need it get 502"],
    ["process-order", "orders wait, and requests are not affected"],
    ["reconcile-orders", "nothing at first, but orders that got stuck stay stuck"],
  ])("say what it means for customers that %s does not run", (name, customers) => {
    expect(alarm(`${name}-errors`).alarmDescription).toContain(`: ${customers}.`);
  });

  it("use every metric that tells of a failure", () => {
    const used = Object.values(alarmsOf(program)).flatMap(metricsOfAlarm);
    const failures = Object.keys(METRICS).filter((name) => /Failed|Unrecognised|Oldest/.test(name));
    expect(failures.length).toBeGreaterThan(4);
    expect(used.map(({ name }) => name)).toEqual(expect.arrayContaining(failures));
  });
});

describe("the topic of alarms", () => {
  it("has no key, since CloudWatch could not use AWS's", () => {
    expect(inputsOf(program, TOPIC, "alarms")).toEqual({});
  });

  it("takes alarms of this account alone, over TLS", () => {
    const { arn: topic, policy } = inputsOf(program, "aws:sns/topicPolicy:TopicPolicy", "alarms");
    expect(topic).toBe(ALARM_TOPIC);
    const { Statement } = JSON.parse(String(policy)) as { Statement: Record<string, unknown>[] };
    expect(Statement).toEqual([
      expect.objectContaining({
        Effect: "Deny",
        Principal: "*",
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      }),
      {
        Sid: "OnlyThisAccountsAlarms",
        Effect: "Allow",
        Principal: { Service: ["cloudwatch.amazonaws.com"] },
        Action: "sns:Publish",
        Resource: ALARM_TOPIC,
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      },
    ]);
  });

  it("is there, with its policy, before any alarm", () => {
    for (const name of Object.keys(alarmsOf(program))) {
      const { dependencies } =
        program.options.get(`aws:cloudwatch/metricAlarm:MetricAlarm::${name}`) ?? {};
      expect(dependencies).toContain("aws:sns/topicPolicy:TopicPolicy::alarms");
    }
  });
});

describe("the alarms by their own config", () => {
  let configured: Evaluated;

  beforeAll(async () => {
    configured = await evaluateWithoutArchives({
      "order-processing:kmsKeyArn":
        "arn:aws:kms:eu-west-1:123456789012:key/0b7c2f6e-4a8e-4f1d-9a51-2f0d6a1c9e77",
      "order-processing:subscriptions": [{ protocol: "email", endpoint: "ops@example.com" }],
      "order-processing:alarms": {
        oldestOverdueSeconds: 60,
        queueAgeSeconds: 61,
        failedOrders: 62,
        failingAttemptsPercent: 63,
        apiErrorPercent: 64,
        apiLatencyMilliseconds: 65,
        subscriptions: [{ protocol: "email", endpoint: "ops@example.com" }],
        runbook: "https://example.com/runbook.md",
      },
      "order-processing:budget": { monthlyUsd: 50 },
    });
  });

  it("have these thresholds", () => {
    const alarms = alarmsOf(configured);
    const names = ["oldest-order", "queue-age", "orders-failed"];
    names.push("attempts-failing", "api-errors", "api-slow");
    expect(names.map((name) => alarms[name]?.threshold)).toEqual([60, 61, 62, 63, 0.64, 65]);
  });

  it("link the runbook that the config names", () => {
    expect(alarmsOf(configured)["process-order-slow"]?.alarmDescription).toMatch(
      / https:\/\/example\.com\/runbook\.md#function-slow$/,
    );
  });

  it("go to their own subscriptions, secret, with the whole topic still without a key", () => {
    const subscriptions = configured.resources.filter(
      ({ type, inputs }) =>
        type === "aws:sns/topicSubscription:TopicSubscription" && inputs["topic"] === ALARM_TOPIC,
    );
    expect(subscriptions).toEqual([
      expect.objectContaining({
        inputs: { topic: ALARM_TOPIC, protocol: "email", endpoint: "ops@example.com" },
        secretInputs: ["endpoint"],
      }),
    ]);
    expect(inputsOf(configured, TOPIC, "alarms")).toEqual({});
  });

  it("warn of the bill at 80 and at 100 percent of the budget", () => {
    const budget = inputsOf(configured, "aws:budgets/budget:Budget", "account");
    const notification = (threshold: number) => ({
      comparisonOperator: "GREATER_THAN",
      notificationType: "ACTUAL",
      threshold,
      thresholdType: "PERCENTAGE",
      subscriberSnsTopicArns: [ALARM_TOPIC],
    });
    expect(budget).toMatchObject({ budgetType: "COST", limitAmount: "50", limitUnit: "USD" });
    expect(budget["notifications"]).toEqual([notification(80), notification(100)]);
    const { policy } = inputsOf(configured, "aws:sns/topicPolicy:TopicPolicy", "alarms");
    expect(policy).toContain('["cloudwatch.amazonaws.com","budgets.amazonaws.com"]');
  });
});

describe("a stack without alarms", () => {
  it("has no alarm, no topic for any, no budget, and a dashboard", async () => {
    const silent = await evaluateWithoutArchives({ "order-processing:alarms": { enabled: false } });
    expect(alarmsOf(silent)).toEqual({});
    expect(namesOf(silent, TOPIC)).toEqual(["order-events"]);
    expect(namesOf(silent, "aws:budgets/budget:Budget")).toEqual([]);
    const { dashboardBody } = inputsOf(silent, "aws:cloudwatch/dashboard:Dashboard", "orders");
    expect(dashboardBody).not.toContain('"alarm"');
  });
});
