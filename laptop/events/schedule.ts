import { randomUUID } from "node:crypto";
import { create, enums, optional, string, type } from "superstruct";
import { arn, type Cloud, type Resource } from "../cloud";
import type { EventSource } from "../lambda/event-source-mapping";
import { authorise } from "../iam/authorizer";
import type { LambdaFunction } from "../lambda/execution-environments";
import { roleAssumedBy } from "../iam/resources";
import { invokeAsynchronously } from "../lambda/asynchronous-invocation";
import { retryPolicyOf } from "../lambda/event-invoke-config";
import { millisecondsOfRate } from "./rate";

const SCHEDULER = { principal: "scheduler.amazonaws.com", name: "EventBridge Scheduler" };
/** Node has no longer timers. */
const MAX_TIMER_MILLISECONDS = 2 ** 31 - 1;

const targetFields = { arn: string(), roleArn: string(), input: optional(string()) };
const scheduleFields = {
  scheduleExpression: string(),
  flexibleTimeWindow: type({ mode: string() }),
  target: type(targetFields),
  groupName: optional(string()),
  state: optional(enums(["ENABLED", "DISABLED"])),
};
/** Of no effect on a laptop: a rate has no time zone, and no delivery fails there that would be retried. */
const WITHOUT_EFFECT = {
  schedule: ["name", "namePrefix", "description", "region", "scheduleExpressionTimezone"],
  target: ["retryPolicy"],
};

/**
 * An aws.scheduler.Schedule that invokes a function at a rate, as the schedule's own role: first when one
 * period has gone by. Throws at what it does not understand.
 */
export function makeSchedule(name: string, inputs: unknown, cloud: Cloud): Resource {
  const what = `the schedule ${name}`;
  const schedule = create(inputs, type(scheduleFields));
  const { scheduleExpression, flexibleTimeWindow, target, groupName = "default" } = schedule;
  refuseUnknown(what, schedule, [...Object.keys(scheduleFields), ...WITHOUT_EFFECT.schedule]);
  refuseUnknown(`${what}'s target`, target, [
    ...Object.keys(targetFields),
    ...WITHOUT_EFFECT.target,
  ]);
  if (flexibleTimeWindow.mode !== "OFF") {
    throw new Error(`${what} has a flexibleTimeWindow: the laptop stack knows the mode OFF only`);
  }
  const period = millisecondsOfRate(scheduleExpression);
  if (period === undefined) {
    throw new Error(`${what} is ${scheduleExpression}: the laptop stack knows rate(…) only`);
  }
  const lambda = cloud.functions.get(target.arn);
  if (!lambda) throw new Error(`${what} has the target ${target.arn}, which is no function here`);
  const scheduleArn = arn(cloud, "scheduler", `schedule/${groupName}/${name}`);
  const role = roleAssumedBy(SCHEDULER, what, target.roleArn, cloud);
  const payload = payloadOf(what, target.input, scheduleArn, cloud);
  if (schedule.state !== "DISABLED") {
    // An access key id, and a name that no function can have.
    const caller = `${name}.schedule`;
    cloud.iam.actors.set(caller, role);
    const invoke = () => invokeAs(caller, target.arn, lambda, payload(), cloud);
    cloud.eventSources.push(startTimer(what, period, invoke, cloud));
  }
  return { id: `${groupName}/${name}`, outputs: { name, arn: scheduleArn } };
}

function refuseUnknown(what: string, inputs: object, known: string[]): void {
  const unknown = Object.keys(inputs).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    throw new Error(`${what} has ${unknown.join()}, which the laptop stack does not emulate`);
  }
}

function payloadOf(
  what: string,
  input: string | undefined,
  scheduleArn: string,
  { accountId: account, region }: Cloud,
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

async function invokeAs(
  caller: string,
  functionArn: string,
  target: LambdaFunction,
  event: unknown,
  cloud: Cloud,
): Promise<void> {
  const permission = { action: "lambda:InvokeFunction", resource: functionArn };
  const denial = authorise(cloud.iam, caller, [permission]);
  if (denial) {
    cloud.onEvent({ kind: "warning", text: `access denied: ${denial.message}` });
    return;
  }
  await invokeAsynchronously(target, event, retryPolicyOf(functionArn, cloud));
}

/** An invocation that is still running does not stop the next. */
function startTimer(
  what: string,
  period: number,
  invoke: () => Promise<void>,
  { onEvent }: Cloud,
): EventSource {
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
