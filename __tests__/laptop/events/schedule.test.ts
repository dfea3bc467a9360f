import type { Cloud } from "../../../laptop/cloud";
import type { StackEvent } from "../../../laptop/events";
import { makeIam } from "../../../laptop/iam/authorizer";
import type { LambdaFunction } from "../../../laptop/lambda/execution-environments";
import { makeResource } from "../../../laptop/resources";
import type { Answer } from "../../../laptop/lambda/sandbox";

const ACCOUNT = "000000000000";
const ROLE = `arn:aws:iam::${ACCOUNT}:role/scheduler`;
const FUNCTION = `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:tidy`;
const SCHEDULE = `arn:aws:scheduler:eu-west-1:${ACCOUNT}:schedule/default/each-minute`;
const MINUTE = 60_000;
const NOW = new Date("2026-01-02T12:00:00.250Z");

beforeEach(() => jest.useFakeTimers({ now: NOW }));
afterEach(() => jest.useRealTimers());

const trust = (service: string) => ({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" },
});
const invokeOn = (Resource: string) => ({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Action: "lambda:InvokeFunction", Resource },
});
const target = { arn: FUNCTION, roleArn: ROLE };
const eachMinute = {
  scheduleExpression: "rate(1 minute)",
  flexibleTimeWindow: { mode: "OFF" },
  target,
};

/** As much of the laptop's cloud as schedules need, with a function that answers as it is told. */
async function setUp(invoke: () => Promise<Answer> = () => ok) {
  const events: StackEvent[] = [];
  const payloads: unknown[] = [];
  const tidy = {
    invoke: (event: unknown) => {
      payloads.push(event);
      return invoke();
    },
  } as unknown as LambdaFunction;
  const cloud = {
    iam: makeIam(ACCOUNT),
    accountId: ACCOUNT,
    region: "eu-west-1",
    functions: new Map([[FUNCTION, tidy]]),
    retryPolicies: new Map(),
    eventSources: [],
    onEvent: (event: StackEvent) => void events.push(event),
  } as unknown as Cloud;
  const make = (type: string, name: string, inputs: Record<string, unknown>) =>
    makeResource({ type, name, custom: true, inputs }, cloud);
  await make("aws:iam/role:Role", "scheduler", {
    assumeRolePolicy: trust("scheduler.amazonaws.com"),
  });
  await make("aws:iam/rolePolicy:RolePolicy", "may-invoke", {
    role: "scheduler",
    policy: invokeOn(FUNCTION),
  });
  return {
    cloud,
    events,
    payloads,
    make,
    schedule: (inputs: object = {}) =>
      make("aws:scheduler/schedule:Schedule", "each-minute", { ...eachMinute, ...inputs }),
    stop: () => Promise.all(cloud.eventSources.map((source) => source.stop())),
  };
}

const ok = Promise.resolve<Answer>({ ok: true, json: "null" });
const failed = Promise.resolve<Answer>({ ok: false, error: "no" });

describe("a schedule", () => {
  it("invokes its function at its rate, first after one period, until it is stopped", async () => {
    const { schedule, payloads, stop } = await setUp();
    expect(await schedule()).toMatchObject({
      id: "default/each-minute",
      outputs: { arn: SCHEDULE, name: "each-minute" },
    });
    await jest.advanceTimersByTimeAsync(MINUTE - 1);
    expect(payloads).toHaveLength(0);
    await jest.advanceTimersByTimeAsync(1);
    expect(payloads).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(2 * MINUTE);
    expect(payloads).toHaveLength(3);
    await stop();
    expect(jest.getTimerCount()).toBe(0);
  });

  it.each([
    ["rate(5 minutes)", 5 * MINUTE],
    ["rate(1 hour)", 60 * MINUTE],
    ["rate(2 days)", 48 * 60 * MINUTE],
    ["rate(0.5 seconds)", 500],
  ])("knows %s", async (scheduleExpression, milliseconds) => {
    const { schedule, payloads, stop } = await setUp();
    await schedule({ scheduleExpression });
    await jest.advanceTimersByTimeAsync(milliseconds - 1);
    expect(payloads).toHaveLength(0);
    await jest.advanceTimersByTimeAsync(1);
    expect(payloads).toHaveLength(1);
    await stop();
  });

  it("sends what EventBridge Scheduler sends", async () => {
    const { schedule, payloads, stop } = await setUp();
    await schedule();
    await jest.advanceTimersByTimeAsync(MINUTE);
    expect(payloads).toEqual([
      {
        version: "0",
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        "detail-type": "Scheduled Event",
        source: "aws.scheduler",
        account: ACCOUNT,
        time: "2026-01-02T12:01:00Z",
        region: "eu-west-1",
        resources: [SCHEDULE],
        detail: "{}",
      },
    ]);
    await stop();
  });

  it("sends its own input instead", async () => {
    const { schedule, payloads, stop } = await setUp();
    await schedule({ target: { ...target, input: '{"a":[1]}' } });
    await jest.advanceTimersByTimeAsync(MINUTE);
    expect(payloads).toEqual([{ a: [1] }]);
    await stop();
  });

  it("does not wait for an invocation that is still running, but stops after it", async () => {
    let finish: (answer: Answer) => void = () => undefined;
    const { schedule, payloads, stop } = await setUp(
      () => new Promise((resolve) => (finish = resolve)),
    );
    await schedule();
    await jest.advanceTimersByTimeAsync(MINUTE);
    const first = finish;
    await jest.advanceTimersByTimeAsync(MINUTE);
    expect(payloads).toHaveLength(2);
    let hasStopped = false;
    const stopping = stop().then(() => (hasStopped = true));
    first({ ok: true, json: "null" });
    await jest.advanceTimersByTimeAsync(MINUTE);
    expect(hasStopped).toBe(false);
    finish({ ok: true, json: "null" });
    await stopping;
    expect(payloads).toHaveLength(2);
  });

  it.each([
    ["twice by default", undefined, 3],
    ["not where the function's event invoke config says so", 0, 1],
  ])("invokes a function that fails again: %s", async (_name, maximumRetryAttempts, times) => {
    const { make, schedule, payloads, stop } = await setUp(() => failed);
    await schedule();
    if (maximumRetryAttempts !== undefined) {
      const type = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";
      await make(type, "once", { functionName: "tidy", maximumRetryAttempts });
    }
    await jest.advanceTimersByTimeAsync(MINUTE);
    expect(payloads).toHaveLength(times);
    await stop();
  });

  it("does nothing while it is disabled", async () => {
    const { schedule, cloud } = await setUp();
    await schedule({ state: "DISABLED" });
    expect(cloud.eventSources).toEqual([]);
  });

  it("is named when Node has no timer that long", async () => {
    const { schedule, events, stop } = await setUp();
    await schedule({ scheduleExpression: "rate(30 days)" });
    expect(jest.getTimerCount()).toBe(0);
    expect(events).toEqual([
      { kind: "warning", text: "the schedule each-minute is never due on a laptop: too rare" },
    ]);
    await stop();
  });
});

describe("the role of a schedule", () => {
  const permission = { action: "lambda:InvokeFunction", resource: FUNCTION };

  it("is what its invocations are judged by, and that is kept account of", async () => {
    const { cloud, schedule, stop } = await setUp();
    await schedule();
    expect(cloud.iam.uses.size).toBe(0);
    await jest.advanceTimersByTimeAsync(MINUTE);
    expect([...cloud.iam.uses.values()]).toEqual([{ role: "scheduler", ...permission }]);
    await stop();
  });

  it("can lose its permission while the stack runs: no invocation, and a warning", async () => {
    const { cloud, schedule, payloads, events, stop } = await setUp();
    await schedule();
    cloud.iam.roles.get(ROLE)?.policies.clear();
    await jest.advanceTimersByTimeAsync(MINUTE);
    expect(payloads).toEqual([]);
    const who = `arn:aws:sts::${ACCOUNT}:assumed-role/scheduler/each-minute.schedule`;
    const text = `access denied: User: ${who} is not authorized to perform: lambda:InvokeFunction on resource: ${FUNCTION} because no identity-based policy allows the lambda:InvokeFunction action`;
    expect(events).toEqual([{ kind: "warning", text }]);
    await stop();
  });

  it("must be one that there is, and that EventBridge Scheduler may assume", async () => {
    const { make, schedule } = await setUp();
    const other = ROLE.replace("scheduler", "worker");
    await expect(schedule({ target: { ...target, roleArn: other } })).rejects.toThrow(
      `the schedule each-minute has the role ${other}, which there is not`,
    );
    const assumeRolePolicy = trust("lambda.amazonaws.com");
    await make("aws:iam/role:Role", "worker", { assumeRolePolicy });
    await expect(schedule({ target: { ...target, roleArn: other } })).rejects.toThrow(
      "the role worker of the schedule each-minute cannot be assumed by EventBridge Scheduler",
    );
  });
});

describe("a schedule that the laptop does not understand", () => {
  const has = "the schedule each-minute has";
  const input = "the schedule each-minute's input";
  it.each<[string, object, string]>([
    ["cron", { scheduleExpression: "cron(0 12 * * ? *)" }, "knows rate(…) only"],
    ["a rate of nothing", { scheduleExpression: "rate(0 minutes)" }, "knows rate(…) only"],
    ["half a minute", { scheduleExpression: "rate(0.5 minutes)" }, "knows rate(…) only"],
    [
      "a flexible window",
      { flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: 1 } },
      `${has} a flexibleTimeWindow`,
    ],
    ["an end", { endDate: "2030-01-01T00:00:00Z" }, `${has} endDate`],
    ["a KMS key", { kmsKeyArn: "arn:aws:kms:x" }, `${has} kmsKeyArn`],
    [
      "dead letters",
      { target: { ...target, deadLetterConfig: { arn: "q" } } },
      "the schedule each-minute's target has deadLetterConfig",
    ],
    ["another target", { target: { ...target, arn: "arn:aws:sqs:x" } }, `${has} the target`],
    ["input that is no JSON", { target: { ...target, input: "x" } }, `${input} is not JSON`],
    [
      "context attributes",
      { target: { ...target, input: '"<aws.scheduler.execution-id>"' } },
      `${input} has context attributes`,
    ],
  ])("is refused by name: %s", async (_name, inputs, complaint) => {
    const { schedule, cloud } = await setUp();
    await expect(schedule(inputs)).rejects.toThrow(complaint);
    expect(cloud.eventSources).toEqual([]);
  });
});
