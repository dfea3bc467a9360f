import { DEFAULTS } from "../../infra/config";
import { stackArguments, type StackNames } from "../target/options";
import { entriesOf, type Stack } from "../target/stack";
import { checkAlarms } from "./checks/alarms";
import { checkProcessOrderDrift, checkQueueDrift, checkReconcilerDrift } from "./checks/drift";
import {
  checkConcurrency,
  checkFunction,
  checkLastError,
  checkSigningKeys,
} from "./checks/functions";
import { checkFailedOrders, checkOpenOrders, checkUndos } from "./checks/orders";
import { checkDeadLetters, checkQueue } from "./checks/queues";
import { checkReports, checkSchedule } from "./checks/schedule";
import type { Finding, Section } from "./findings";
import type { Observations, Wanted } from "./observations";
import { ifSeen } from "./seen";

/** From what was seen to what is to be said about it; looks at nothing itself. */
export function examine(
  stack: Stack,
  names: StackNames,
  seen: Observations,
  now: number,
): Section[] {
  const limits = seen.wanted.ok ? seen.wanted.value.alarms : DEFAULTS.alarms;
  const command = (script: string) => `npm run ${script} -- ${stackArguments(names)}`;
  const { alarmTopicArn } = stack.outputs;
  const isAlarming = alarmTopicArn !== undefined && alarmTopicArn !== null;
  const isWanted = seen.wanted.ok && limits.enabled;
  const past = isAlarming && seen.alarms.ok ? asWarnings : (findings: Finding[]) => findings;
  return [
    {
      title: "alarms",
      findings: ifSeen("alarms", seen.alarms, (alarms) =>
        checkAlarms(alarms, stack, isAlarming || isWanted, now),
      ),
    },
    orders(seen, limits, now, command, past),
    queues(seen, limits, command("doctor")),
    functions(seen, stack, now, past),
    schedule(seen),
    { title: "config", findings: config(seen) },
  ];
}

/** What may be over is judged by its alarm, where there is one: it is no more than a warning then. */
function asWarnings(findings: Finding[]): Finding[] {
  return findings.map((each) => (each.level === "bad" ? { ...each, level: "warning" } : each));
}

type Past = typeof asWarnings;

function orders(
  seen: Observations,
  limits: Wanted["alarms"],
  now: number,
  command: (script: string) => string,
  past: Past,
): Section {
  const [logs, redrive] = [command("logs"), command("redrive")];
  return {
    title: "orders",
    findings: [
      ...ifSeen(
        "open orders",
        seen.openOrders,
        (open) => checkOpenOrders(open, limits.oldestOverdueSeconds, now, logs),
        { isEssential: true },
      ),
      ...ifSeen("FAILED orders", seen.failedOrders, (failed) =>
        past(checkFailedOrders(failed, limits.failedOrders, redrive)),
      ),
      ...(seen.metrics.ok ? past(checkUndos(seen.metrics.value.undosFailed, logs)) : []),
    ],
  };
}

function queues(seen: Observations, limits: Wanted["alarms"], doctor: string): Section {
  const { queue, metrics, deadLetters } = seen;
  const oldestSeconds = metrics.ok ? metrics.value.oldestMessageSeconds : undefined;
  return {
    title: "queues",
    findings: [
      ...ifSeen(
        "the orders queue",
        queue,
        (value) => checkQueue(value, oldestSeconds, limits.queueAgeSeconds),
        { isEssential: true },
      ),
      ...ifSeen("dead letters", deadLetters, (letters) => checkDeadLetters(letters, doctor)),
    ],
  };
}

function functions(seen: Observations, stack: Stack, now: number, past: Past): Section {
  const { metrics, lastErrors, concurrency, wanted } = seen;
  return {
    title: "functions",
    findings: [
      ...ifSeen("metrics", metrics, (value) =>
        past(entriesOf(value.functions).flatMap(([name, counts]) => checkFunction(name, counts))),
      ),
      ...entriesOf(lastErrors).flatMap(([name, error]) =>
        ifSeen(`the log of ${name}`, error, (last) =>
          name === "authorize-caller"
            ? checkSigningKeys(last, stack.outputs.auth, now)
            : checkLastError(name, last, now),
        ),
      ),
      ...ifSeen("the account's concurrency", concurrency, (unreserved) =>
        wanted.ok ? checkConcurrency(unreserved, wanted.value) : [],
      ),
    ],
  };
}

function schedule({ schedule: state, metrics }: Observations): Section {
  return {
    title: "schedule",
    findings: [
      ...ifSeen("the schedule", state, checkSchedule),
      ...(metrics.ok ? checkReports(metrics.value.reconcilerReports) : []),
    ],
  };
}

function config({ wanted, queue, processOrder, reconcileOrders }: Observations): Finding[] {
  return ifSeen("this checkout's config", wanted, (value) => {
    const findings = [
      ...(queue.ok ? checkQueueDrift(queue.value, value) : []),
      ...ifSeen("process-order's configuration", processOrder, (each) =>
        checkProcessOrderDrift(each, value),
      ),
      ...ifSeen("reconcile-orders' configuration", reconcileOrders, (each) =>
        checkReconcilerDrift(each, value),
      ),
    ];
    return findings.length > 0
      ? findings
      : [{ level: "ok", text: "what can be seen is deployed as this checkout's config wants it" }];
  });
}
