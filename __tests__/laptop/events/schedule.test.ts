import type { StackEvent } from "../../../laptop/events";
import { scheduleProvider } from "../../../laptop/events/schedule";
import { makeIam } from "../../../laptop/iam/authorizer";
import { roleProvider } from "../../../laptop/iam/role";
import { rolePolicyProvider } from "../../../laptop/iam/role-policy";
import { eventInvokeConfigProvider } from "../../../laptop/lambda/event-invoke-config";
import type { LambdaFunction } from "../../../laptop/lambda/execution-environments";
import { makeFunctions } from "../../../laptop/lambda/functions";
import type { InvocationResult } from "../../../laptop/lambda/sandbox";
import type { Poller } from "../../../laptop/poller";
import { registering } from "../../support/registering";

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

const SCHEDULE_TYPE = "aws:scheduler/schedule:Schedule";
const INVOKE_CONFIG = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";

/** What schedules need, with a function that gives these results. */
async function setUp(invoke: () => Promise<InvocationResult> = () => ok) {
  const events: StackEvent[] = [];
  const payloads: unknown[] = [];
  const tidy: LambdaFunction = {
    name: "tidy",
    timeoutMilliseconds: 1000,
    environments: () => [],
    invoke: (event) => {
      payloads.push(event);
      return invoke();
    },
    kill: () => Promise.resolve(),
    updateCode: () => Promise.resolve({}),
    stop: () => Promise.resolve(),
  };
  const account = { accountId: ACCOUNT, region: "eu-west-1" };
  const iam = makeIam(ACCOUNT);
  const functions = makeFunctions();
  functions.byArn.set(FUNCTION, tidy);
  const pollers: Poller[] = [];
  const onEvent = (event: StackEvent) => void events.push(event);
  const { create } = registering({
    "aws:iam/role:Role": roleProvider(iam),
    "aws:iam/rolePolicy:RolePolicy": rolePolicyProvider(iam),
    [INVOKE_CONFIG]: eventInvokeConfigProvider(account, functions),
    [SCHEDULE_TYPE]: scheduleProvider({
      account,
      iam,
      functions,
      pollers,
      schedules: new Map(),
      onEvent,
    }),
  });
  await create("aws:iam/role:Role", "scheduler", {
    assumeRolePolicy: trust("scheduler.amazonaws.com"),
  });
  await create("aws:iam/rolePolicy:RolePolicy", "may-invoke", {
    role: "scheduler",
    policy: invokeOn(FUNCTION),
  });
  return {
    iam,
    pollers,
    events,
    payloads,
    create,
    schedule: (inputs: object = {}) =>
      create(SCHEDULE_TYPE, "each-minute", { ...eachMinute, ...inputs }),
    stop: () => Promise.all(pollers.map((poller) => poller.stop())),
  };
}

const ok = Promise.resolve<InvocationResult>({ ok: true, json: "null" });
const failed = Promise.resolve<InvocationResult>({ ok: false, error: "no" });

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
    let finish: (answer: InvocationResult) => void = () => undefined;
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
    const { create, schedule, payloads, stop } = await setUp(() => failed);
    await schedule();
    if (maximumRetryAttempts !== undefined) {
      await create(INVOKE_CONFIG, "once", { functionName: "tidy", maximumRetryAttempts });
    }
    await jest.advanceTimersByTimeAsync(MINUTE);
    expect(payloads).toHaveLength(times);
    await stop();
  });

  it("does nothing while it is disabled", async () => {
    const { schedule, payloads, stop } = await setUp();
    await schedule({ state: "DISABLED" });
    await jest.advanceTimersByTimeAsync(3 * MINUTE);
    expect(payloads).toEqual([]);
    await stop();
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

  it("decides on its invocations, which are recorded", async () => {
    const { iam, schedule, stop } = await setUp();
    await schedule();
    expect(iam.usedPermissions.size).toBe(0);
    await jest.advanceTimersByTimeAsync(MINUTE);
    expect([...iam.usedPermissions.values()]).toEqual([{ role: "scheduler", ...permission }]);
    await stop();
  });

  it("can lose its permission while the stack runs: no invocation, and a warning", async () => {
    const { iam, schedule, payloads, events, stop } = await setUp();
    await schedule();
    iam.roles.get(ROLE)?.policies.clear();
    await jest.advanceTimersByTimeAsync(MINUTE);
    expect(payloads).toEqual([]);
    const who = `arn:aws:sts::${ACCOUNT}:assumed-role/scheduler/each-minute.schedule`;
    const text = `access denied: User: ${who} is not authorized to perform: lambda:InvokeFunction on resource: ${FUNCTION} because no identity-based policy allows the lambda:InvokeFunction action`;
    expect(events).toEqual([{ kind: "warning", text }]);
    await stop();
  });

  it("must be one that there is, and that EventBridge Scheduler may assume", async () => {
    const { create, schedule } = await setUp();
    const other = ROLE.replace("scheduler", "worker");
    await expect(schedule({ target: { ...target, roleArn: other } })).rejects.toThrow(
      `the schedule each-minute has the role ${other}, which does not exist`,
    );
    const assumeRolePolicy = trust("lambda.amazonaws.com");
    await create("aws:iam/role:Role", "worker", { assumeRolePolicy });
    await expect(schedule({ target: { ...target, roleArn: other } })).rejects.toThrow(
      "the role worker of the schedule each-minute cannot be assumed by EventBridge Scheduler",
    );
  });
});

describe("a schedule that the laptop does not understand", () => {
  const has = "the schedule each-minute has";
  const prefix = 'schedule "each-minute":';
  const input = "the schedule each-minute's input";
  it.each<[string, object, string]>([
    ["cron", { scheduleExpression: "cron(0 12 * * ? *)" }, "knows rate(…) only"],
    ["a rate of nothing", { scheduleExpression: "rate(0 minutes)" }, "knows rate(…) only"],
    ["half a minute", { scheduleExpression: "rate(0.5 minutes)" }, "knows rate(…) only"],
    [
      "a flexible window",
      { flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: 1 } },
      `${prefix} flexibleTimeWindow.`,
    ],
    ["an end", { endDate: "2030-01-01T00:00:00Z" }, `${prefix} endDate is not emulated`],
    ["a KMS key", { kmsKeyArn: "arn:aws:kms:x" }, `${prefix} kmsKeyArn is not emulated`],
    [
      "dead letters",
      { target: { ...target, deadLetterConfig: { arn: "q" } } },
      `${prefix} target.deadLetterConfig is not emulated`,
    ],
    ["another target", { target: { ...target, arn: "arn:aws:sqs:x" } }, `${has} the target`],
    ["input that is no JSON", { target: { ...target, input: "x" } }, `${input} is not JSON`],
    [
      "context attributes",
      { target: { ...target, input: '"<aws.scheduler.execution-id>"' } },
      `${input} has context attributes`,
    ],
  ])("is refused by name: %s", async (_name, inputs, message) => {
    const { schedule, pollers } = await setUp();
    await expect(schedule(inputs)).rejects.toThrow(message);
    expect(pollers).toEqual([]);
  });
});
