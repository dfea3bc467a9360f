import { randomUUID } from "node:crypto";
import {
  defaulted,
  enums,
  type Infer,
  literal,
  object,
  optional,
  string,
  type,
  unknown,
} from "superstruct";
import { type Account, arn } from "../account";
import type { OnEvent } from "../events";
import { authorizeCall, type Iam } from "../iam/authorizer";
import { schedulerOf } from "../iam/callers";
import { roleAssumedBy } from "../iam/role";
import { invokeAsynchronously } from "../lambda/asynchronous-invocation";
import { type Functions, retryPolicyOf } from "../lambda/functions";
import { addPoller, type Poller } from "../poller";
import { defineProvider, type Provider } from "../program/provider";
import type { ScheduleDescription, Schedules } from "./answers";
import { millisecondsOfRate } from "./rate";

const SCHEDULER = { principal: "scheduler.amazonaws.com", name: "EventBridge Scheduler" };
/** Node has no longer timers. */
const MAX_TIMER_MILLISECONDS = 2 ** 31 - 1;

const emulated = type({
  scheduleExpression: string(),
  flexibleTimeWindow: object({ mode: literal("OFF") }),
  target: object({
    arn: string(),
    roleArn: string(),
    input: optional(string()),
    // Without effect: no delivery fails here that would be retried.
    retryPolicy: optional(unknown()),
  }),
  groupName: defaulted(string(), "default"),
  state: defaulted(enums(["ENABLED", "DISABLED"]), "ENABLED"),
});

export interface ScheduleServices {
  account: Account;
  iam: Iam;
  functions: Functions;
  pollers: Poller[];
  schedules: Schedules;
  onEvent: OnEvent;
}

/**
 * Schedules of EventBridge Scheduler that invoke a function at a rate, as the schedule's own role: first
 * when one period has gone by.
 */
export function scheduleProvider(services: ScheduleServices): Provider {
  const { account, iam, functions, pollers, schedules, onEvent } = services;
  return defineProvider({
    emulated,
    // A rate has no time zone.
    withoutEffect: ["description", "name", "namePrefix", "scheduleExpressionTimezone"],
    refused: {
      endDate: "a schedule has no end here",
      kmsKeyArn: "schedules are not encrypted here",
      startDate: "a schedule starts with the stack",
    },
    create(name, inputs) {
      const { scheduleExpression, target, groupName } = inputs;
      const what = `the schedule ${name}`;
      const period = periodOf(what, scheduleExpression);
      if (!functions.byArn.has(target.arn)) {
        throw new Error(`${what} has the target ${target.arn}, which is no function here`);
      }
      const id = `${groupName}/${name}`;
      const scheduleArn = arn(account, "scheduler", `schedule/${id}`);
      const role = roleAssumedBy(SCHEDULER, what, target.roleArn, iam);
      const payload = payloadOf(what, target.input, scheduleArn, account);
      const schedule = scheduleOf(name, scheduleArn, inputs);
      schedules.set(id, schedule);
      iam.rolesByCaller.set(schedulerOf(name), role);
      const invoke = async () => {
        if (schedule.State === "ENABLED") await invokeBy(name, target.arn, payload(), services);
      };
      const stop = addPoller(pollers, startTimer(what, period, invoke, onEvent));
      return {
        id,
        outputs: { name, arn: scheduleArn },
        dispose() {
          schedules.delete(id);
          stop();
        },
      };
    },
  });
}

/** In the words of EventBridge Scheduler. */
function scheduleOf(
  name: string,
  scheduleArn: string,
  { scheduleExpression, target, groupName, state }: Infer<typeof emulated>,
): ScheduleDescription {
  return {
    ...{ Name: name, GroupName: groupName, Arn: scheduleArn, State: state },
    ScheduleExpression: scheduleExpression,
    Target: { Arn: target.arn, RoleArn: target.roleArn },
  };
}

function periodOf(what: string, scheduleExpression: string): number {
  const period = millisecondsOfRate(scheduleExpression);
  if (period !== undefined) return period;
  throw new Error(`${what} is ${scheduleExpression}: the laptop stack knows rate(…) only`);
}

function payloadOf(
  what: string,
  input: string | undefined,
  scheduleArn: string,
  { accountId: account, region }: Account,
): () => unknown {
  if (input === undefined) {
    return () => ({
      version: "0",
      id: randomUUID(),
      "detail-type": "Scheduled Event",
      source: "aws.scheduler",
      account,
      time: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
      region,
      resources: [scheduleArn],
      detail: "{}",
    });
  }
  if (input.includes("<aws.scheduler.")) {
    throw new Error(`${what}'s input has context attributes, which the laptop stack does not know`);
  }
  const payload = parseJson(what, input);
  return () => payload;
}

function parseJson(what: string, input: string): unknown {
  try {
    return JSON.parse(input) as unknown;
  } catch {
    throw new Error(`${what}'s input is not JSON, which a function's must be`);
  }
}

async function invokeBy(
  schedule: string,
  functionArn: string,
  event: unknown,
  { iam, functions, onEvent }: ScheduleServices,
): Promise<void> {
  const permission = { action: "lambda:InvokeFunction", resource: functionArn };
  const denial = authorizeCall(iam, schedulerOf(schedule), [permission]);
  if (denial) {
    onEvent({ kind: "warning", text: `access denied: ${denial.message}` });
    return;
  }
  const target = functions.byArn.get(functionArn);
  if (!target) return;
  const source = `schedule:${schedule}`;
  await invokeAsynchronously(target, event, { source }, retryPolicyOf(functionArn, functions));
}

/** An invocation that is still running does not stop the next. */
function startTimer(
  what: string,
  period: number,
  invoke: () => Promise<void>,
  onEvent: OnEvent,
): Poller {
  const isTooLong = period > MAX_TIMER_MILLISECONDS;
  if (isTooLong) onEvent({ kind: "warning", text: `${what} is never due on a laptop: too rare` });
  const running = new Set<Promise<void>>();
  const tick = () => {
    const invocation = invoke().finally(() => running.delete(invocation));
    running.add(invocation);
  };
  const timer = isTooLong ? undefined : setInterval(tick, period);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(running);
    },
  };
}
