import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { makeOnStateChange } from "../../../laptop/cloudwatch/alarm-actions";
import { makeAlarmRegistry } from "../../../laptop/cloudwatch/alarm-registry";
import type { AlarmState } from "../../../laptop/cloudwatch/alarms";
import { dashboardProvider } from "../../../laptop/cloudwatch/dashboard";
import { metricAlarmProvider } from "../../../laptop/cloudwatch/metric-alarm";
import { makeMetrics } from "../../../laptop/cloudwatch/metrics";
import type { StackEvent } from "../../../laptop/events";
import { makeIam } from "../../../laptop/iam/authorizer";
import { topicPolicyProvider, topicProvider } from "../../../laptop/sns/topic";
import { registering } from "../../support/registering";

const ACCOUNT = "000000000000";
const TOPIC = `arn:aws:sns:eu-west-1:${ACCOUNT}:alarms`;
const TYPE = "aws:cloudwatch/metricAlarm:MetricAlarm";

function setUp() {
  const account = { accountId: ACCOUNT, region: "eu-west-1" };
  const iam = makeIam(ACCOUNT);
  const alarms = makeAlarmRegistry(makeMetrics());
  const events: StackEvent[] = [];
  const published: unknown[] = [];
  // Takes each command without a network.
  const send = ({ input }: PublishCommand) => {
    if (input.TopicArn !== undefined) published.push(input);
    return Promise.resolve({ TopicArn: TOPIC });
  };
  const sns = { send } as unknown as SNSClient;
  const onEvent = (event: StackEvent) => void events.push(event);
  const services = { account, iam, sns, alarms, onEvent };
  const { create } = registering({
    [TYPE]: metricAlarmProvider(services),
    "aws:cloudwatch/dashboard:Dashboard": dashboardProvider(account),
    "aws:sns/topic:Topic": topicProvider(iam, sns),
    "aws:sns/topicPolicy:TopicPolicy": topicPolicyProvider(iam),
  });
  return { create, alarms, events, published, onStateChange: makeOnStateChange(services) };
}

const inputs = {
  comparisonOperator: "GreaterThanThreshold",
  threshold: 0,
  evaluationPeriods: 5,
  namespace: "AWS/Lambda",
  metricName: "Errors",
  dimensions: { FunctionName: "work" },
  statistic: "Sum",
  period: 60,
};
const query = (id: string, period = 60) => ({
  id,
  metric: { namespace: "shop", metricName: id, period, stat: "p99" },
});
const math = (...metricQueries: object[]) => {
  const { comparisonOperator, threshold, evaluationPeriods } = inputs;
  return { comparisonOperator, threshold, evaluationPeriods, metricQueries };
};

describe("an alarm that is registered", () => {
  it("has CloudWatch's defaults, and an ARN", async () => {
    const { create, alarms } = setUp();
    const { id, outputs } = await create(TYPE, "errors", { ...inputs, name: "dev-errors" });
    const arn = `arn:aws:cloudwatch:eu-west-1:${ACCOUNT}:alarm:dev-errors`;
    expect([id, outputs["arn"]]).toEqual(["dev-errors", arn]);
    expect(alarms.all()).toMatchObject([
      {
        name: "dev-errors",
        arn,
        description: "",
        source: {
          metric: {
            namespace: "AWS/Lambda",
            name: "Errors",
            dimensions: { FunctionName: "work" },
          },
          stat: "Sum",
          periodSeconds: 60,
        },
        datapointsToAlarm: 5,
        treatMissingData: "missing",
        actionsEnabled: true,
        actions: { ALARM: [], OK: [], INSUFFICIENT_DATA: [] },
      },
    ]);
  });

  it("ignores missing data of a table, unless it says otherwise", async () => {
    const { create, alarms } = setUp();
    const ofTable = {
      ...inputs,
      namespace: "AWS/DynamoDB",
      metricName: "ReadThrottleEvents",
      dimensions: { TableName: "orders" },
    };
    await create(TYPE, "one", ofTable);
    await create(TYPE, "other", { ...ofTable, treatMissingData: "notBreaching" });
    expect(alarms.all()).toMatchObject([
      { treatMissingData: "ignore" },
      { treatMissingData: "notBreaching" },
    ]);
  });

  it.each([
    ["AWS/Foo Bar", { namespace: "AWS/Foo", metricName: "Bar", dimensions: {} }],
    ["AWS/Lambda Concurrency by FunctionName", { metricName: "Concurrency" }],
    [
      "AWS/ApiGateway Latency by FunctionName",
      { namespace: "AWS/ApiGateway", metricName: "Latency" },
    ],
  ])("is warned about where the laptop does not know %s", async (metric, changed) => {
    const { create, events } = setUp();
    await create(TYPE, "x", { ...inputs, ...changed });
    const text = `alarm "x": the laptop does not know ${metric}`;
    expect(events).toEqual([{ kind: "warning", text }]);
  });

  it("is not warned about with the dimensions in another order, nor with metrics of the program", async () => {
    const { create, events } = setUp();
    const dimensions = { Stage: "dev", ApiName: "orders" };
    const ofApi = { namespace: "AWS/ApiGateway", metricName: "Latency", dimensions };
    await create(TYPE, "x", { ...inputs, ...ofApi });
    await create(TYPE, "y", math(query("a"), { id: "e", expression: "a / 2", returnData: true }));
    expect(events).toEqual([]);
  });

  it.each([
    ["a statistic", { ...inputs, statistic: "Median" }, "does not know the statistic Median"],
    ["no metric", math(), "it has no metric"],
    ["no period", { ...inputs, period: undefined }, "no period or no statistic"],
    ["more than all", { ...inputs, datapointsToAlarm: 6 }, "from 1 to evaluationPeriods, 5 here"],
    ["a function", math({ id: "e", expression: "IF(1)", returnData: true }), "it fails at IF"],
    [
      "an id that is not there",
      math(query("a"), { id: "e", expression: "a + b", returnData: true }),
      "b is no id of its queries",
    ],
    [
      "a circle",
      math(query("a"), { id: "e", expression: "a + e", returnData: true }),
      "the expression of e refers to itself",
    ],
    ["nothing to compare", math(query("a")), "exactly one of its queries returns data"],
    [
      "two periods",
      math(query("a"), query("b", 300), { id: "e", expression: "a + b", returnData: true }),
      "its metrics have one period",
    ],
  ])("stops the start with %s", async (_what, given, sentence) => {
    const { create } = setUp();
    await expect(create(TYPE, "x", given)).rejects.toThrow(/^alarm "x": /);
    await expect(create(TYPE, "x", given)).rejects.toThrow(sentence);
  });
});

describe("an alarm's change of state", () => {
  const publish = {
    Effect: "Allow",
    Principal: { Service: "cloudwatch.amazonaws.com" },
    Action: "sns:Publish",
    Resource: TOPIC,
    Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } },
  };
  const policyOf = (...Statement: object[]) => ({
    arn: TOPIC,
    policy: JSON.stringify({ Version: "2012-10-17", Statement }),
  });

  async function change(
    topic: { inputs?: object; policy?: object },
    alarm: object = {},
    state: AlarmState["state"] = "ALARM",
  ) {
    const { create, alarms, events, published, onStateChange } = setUp();
    await create("aws:sns/topic:Topic", "alarms", { ...topic.inputs });
    if (topic.policy)
      await create("aws:sns/topicPolicy:TopicPolicy", "alarms", { ...topic.policy });
    await create(TYPE, "errors", {
      ...inputs,
      alarmDescription: "Orders fail.",
      alarmActions: [TOPIC],
      ...alarm,
    });
    const [registered] = alarms.all();
    if (!registered) throw new Error("no alarm");
    await onStateChange({ ...registered, state, reason: "r", stateUpdatedAt: 0 }, "OK");
    return { events, published: published as { Subject: string; Message: string }[] };
  }

  it.each([
    ["without a policy", {}],
    ["whose policy lets CloudWatch", { policy: policyOf(publish) }],
  ])("is published to a topic %s, in CloudWatch's form", async (_what, topic) => {
    const { events, published } = await change(topic);
    expect(events).toEqual([
      {
        kind: "alarm",
        name: "errors",
        state: "ALARM",
        previousState: "OK",
        description: "Orders fail.",
        reason: "r",
      },
    ]);
    expect(published).toEqual([
      {
        TopicArn: TOPIC,
        Subject: 'ALARM: "errors" in eu-west-1',
        Message: expect.any(String),
      },
    ]);
    expect(JSON.parse(published[0]?.Message ?? "")).toMatchObject({
      AlarmName: "errors",
      AlarmDescription: "Orders fail.",
      AWSAccountId: ACCOUNT,
      NewStateValue: "ALARM",
      OldStateValue: "OK",
      NewStateReason: "r",
      StateChangeTime: "1970-01-01T00:00:00.000+0000",
      Region: "eu-west-1",
      AlarmActions: [TOPIC],
      Trigger: {
        MetricName: "Errors",
        Namespace: "AWS/Lambda",
        StatisticType: "Statistic",
        Statistic: "SUM",
        Dimensions: [{ name: "FunctionName", value: "work" }],
        Period: 60,
        EvaluationPeriods: 5,
        Threshold: 0,
      },
    });
  });

  it.each([
    [
      "whose policy lets others only",
      { policy: policyOf({ ...publish, Principal: { Service: "budgets.amazonaws.com" } }) },
      "CloudWatch may not publish to alarms: the topic's policy does not allow it",
    ],
    [
      "whose policy lets another account only",
      {
        policy: policyOf({
          ...publish,
          Condition: { StringEquals: { "aws:SourceAccount": "111111111111" } },
        }),
      },
      "CloudWatch may not publish to alarms: the topic's policy does not allow it",
    ],
    [
      "that is encrypted with the key of SNS",
      { inputs: { kmsMasterKeyId: "alias/aws/sns" } },
      "CloudWatch cannot publish to alarms: it may not use the key alias/aws/sns",
    ],
  ])("does not reach a topic %s, which is warned about", async (_what, topic, text) => {
    const { events, published } = await change(topic);
    expect(published).toEqual([]);
    expect(events[1]).toEqual({ kind: "warning", text: `alarm "errors": ${text}` });
  });

  it("is published for the states alone that have actions, and while actions are enabled", async () => {
    expect((await change({}, {}, "OK")).published).toEqual([]);
    expect((await change({}, { actionsEnabled: false })).published).toEqual([]);
    expect((await change({}, { okActions: [TOPIC] }, "OK")).published).toHaveLength(1);
  });

  it("has the queries of metric math in its message", async () => {
    const sum = { id: "e", label: "both", expression: "a * 2", returnData: true };
    const source = { ...math(query("a"), sum), statistic: undefined, period: undefined };
    const nothing = { namespace: undefined, metricName: undefined, dimensions: undefined };
    const { published } = await change({}, { ...nothing, ...source });
    expect(JSON.parse(published[0]?.Message ?? "")).toMatchObject({
      Trigger: {
        Metrics: [
          { Id: "a", ReturnData: false, MetricStat: { Stat: "p99", Period: 60 } },
          { Id: "e", Label: "both", Expression: "a * 2", ReturnData: true },
        ],
      },
    });
  });
});

describe("a dashboard", () => {
  it("stops the start if its body is not JSON", async () => {
    const { create } = setUp();
    const type = "aws:cloudwatch/dashboard:Dashboard";
    const body = (dashboardBody: string) => ({ dashboardName: "dev", dashboardBody });
    await expect(create(type, "d", body("{"))).rejects.toThrow(
      "the body of the dashboard dev is not JSON",
    );
    expect((await create(type, "d", body("{}"))).outputs).toMatchObject({
      dashboardArn: `arn:aws:cloudwatch::${ACCOUNT}:dashboard/dev`,
    });
  });
});
