import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { makeAlarmRegistry } from "../../laptop/cloudwatch/alarm-registry";
import { makeLogGroups } from "../../laptop/cloudwatch/log-groups";
import { makeMetrics } from "../../laptop/cloudwatch/metrics";
import { makeIam } from "../../laptop/iam/authorizer";
import { makeFunctions } from "../../laptop/lambda/functions";
import { makeProviders } from "../../laptop/providers";
import { makeQueues } from "../../laptop/sqs/queues";
import { makeTracing } from "../../laptop/traces/tracing";
import { registering } from "../support/registering";

process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
const endpoint = "http://127.0.0.1:1";
const account = { accountId: "000000000000", region: "eu-west-1" };
const client = {
  endpoint,
  region: account.region,
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
  maxAttempts: 1,
};
const sqs = new SQSClient(client);
const metrics = makeMetrics();
const providers = makeProviders({
  account,
  iam: makeIam(account.accountId),
  functions: makeFunctions(),
  metrics,
  alarms: makeAlarmRegistry(metrics),
  logGroups: makeLogGroups(),
  pollers: [],
  schedules: new Map(),
  usagePlans: new Map(),
  tracing: makeTracing(),
  onEvent: () => undefined,
  endpoint,
  standIns: {},
  directory: "/nowhere",
  dynamodb: new DynamoDBClient(client),
  sns: new SNSClient(client),
  queues: makeQueues(account, endpoint, sqs),
  sqsClientAs: () => sqs,
  gateway: {
    url: endpoint,
    deploy: () => undefined,
    setThrottle: () => undefined,
    stop: () => Promise.resolve(),
  },
});
const { create, warnings } = registering(providers);

describe("the inputs of each resource type", () => {
  it.each(Object.keys(providers))("of %s stand in one list only", (type) => {
    const { emulated = [], withoutEffect = [], refused = {} } = providers[type] ?? {};
    const inputs = [...emulated, ...withoutEffect, ...Object.keys(refused)];
    expect(inputs).toEqual([...new Set(inputs)]);
    expect(inputs).not.toEqual([]);
  });
});

describe("what a laptop cannot do", () => {
  it("is warned about: the order of a FIFO queue", async () => {
    // Nobody listens there, so the queue itself is not created.
    await expect(create("aws:sqs/queue:Queue", "x", { fifoQueue: true })).rejects.toThrow();
    expect(warnings).toEqual(['queue "x": fifoQueue has no effect on the laptop']);
  });

  it("stops the start: a filter before a function", async () => {
    const type = "aws:lambda/eventSourceMapping:EventSourceMapping";
    const inputs = { eventSourceArn: "q", functionName: "f", filterCriteria: { filters: [] } };
    await expect(create(type, "x", inputs)).rejects.toThrow(
      'event source mapping "x": filterCriteria is not emulated: the function would get every message',
    );
  });
});

describe("a log group", () => {
  const type = "aws:cloudwatch/logGroup:LogGroup";

  it("has the name that it is given", async () => {
    const { outputs } = await create(type, "work", { name: "/aws/lambda/work" });
    expect(outputs).toMatchObject({
      name: "/aws/lambda/work",
      arn: "arn:aws:logs:eu-west-1:000000000000:log-group:/aws/lambda/work",
    });
  });

  it("or a unique one with a prefix", async () => {
    const inputs = { namePrefix: "/aws/lambda/work-" };
    const names = [
      (await create(type, "work", inputs)).outputs["name"],
      (await create(type, "work", inputs)).outputs["name"],
    ];
    for (const name of names) expect(name).toMatch(/^\/aws\/lambda\/work-[0-9a-f]{8}$/);
    expect(new Set(names).size).toBe(2);
  });
});
