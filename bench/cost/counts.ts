import { create, record, string, unknown } from "superstruct";
import { metricsIn } from "../../laptop/cloudwatch/emf";
import type { LogEntry } from "../../laptop/events";
import type { BilledCall } from "./calls";
import {
  type CountedStack,
  during,
  type Happened,
  placeOrder,
  runScheduled,
} from "./counted-stack";
import { type CpuTime, type CpuTimes, measureCpu, type Repetitions } from "./cpu-time";
import { platformLines } from "./platform-lines";
import type { Registered, RegisteredFunction } from "./registered";
import { type Item, sizeOf } from "./units";

const NOT_MEASURED: CpuTime = { median: 0, min: 0, max: 0 };

/** A function in what was counted. */
export interface FunctionCount extends RegisteredFunction {
  name: string;
  invocations: number;
  /** Calls to AWS of all of them. */
  calls: number;
  /** Of a warm invocation. */
  cpu: CpuTime;
}

/** What one order takes, or one run of a scheduled function. */
export interface Counts {
  calls: BilledCall[];
  functions: FunctionCount[];
  apiRequests: number;
  deliveries: number;
  /** Of lines that functions have written, and of those that Lambda adds. */
  logBytes: { functions: number; platform: number };
  /** Names of the metrics that CloudWatch makes of those lines. */
  metrics: string[];
}

export interface OrderCounts extends Counts {
  /** Of the item that is left in the table. */
  itemBytes: number;
}

export interface ScheduledCounts extends Counts {
  timesAMonth: number;
}

/** An order on a warm stack: what is cold logs more. */
export async function countOrder(
  stack: CountedStack,
  body: object,
  cpu: CpuTimes,
): Promise<OrderCounts> {
  let item: Item = {};
  const happened = await during(stack, async () => (item = await placeOrder(stack, body)));
  return { ...countsOf(happened, stack.registered, cpu), itemBytes: sizeOf(item) };
}

/** The same for each scheduled function, on a stack without orders that are due. */
export async function countScheduled(
  stack: CountedStack,
  repetitions: Repetitions,
): Promise<ScheduledCounts[]> {
  const counts: ScheduledCounts[] = [];
  for (const { functionArn, timesAMonth } of stack.registered.schedules) {
    const act = () => runScheduled(stack, functionArn);
    const [cpu = new Map<string, CpuTime>()] = await measureCpu([{ stack, act }], repetitions);
    const happened = await during(stack, act);
    counts.push({ ...countsOf(happened, stack.registered, cpu), timesAMonth });
  }
  return counts;
}

function countsOf(
  { calls, invocations, apiRequests, deliveries, logLines }: Happened,
  registered: Registered,
  cpu: CpuTimes,
): Counts {
  const functions = [...new Set(invocations)].map((name) => {
    const of = registered.functions.get(name);
    if (!of) throw new Error(`${name} runs, but is not registered`);
    return {
      ...{ name, ...of, cpu: cpu.get(name) ?? NOT_MEASURED },
      invocations: invocations.filter((each) => each === name).length,
      calls: calls.filter(({ caller, isOfFunction }) => isOfFunction && caller === name).length,
    };
  });
  const written = functions.flatMap(({ writesPlatformLines, isTraced, invocations: times }) =>
    writesPlatformLines ? Array<string[]>(times).fill(platformLines(isTraced)).flat() : [],
  );
  const logBytes = { functions: bytesOf(logLines), platform: bytesOf(written) };
  return { calls, functions, apiRequests, deliveries, logBytes, metrics: metricsOf(logLines) };
}

function bytesOf(lines: readonly string[]): number {
  return lines.reduce((total, line) => total + Buffer.byteLength(line), 0);
}

function metricsOf(lines: readonly string[]): string[] {
  const entries = lines.map((line) => create(JSON.parse(line), record(string(), unknown())));
  const names = entries.flatMap((entry) => metricsIn(entry as LogEntry).map(({ id }) => id.name));
  return [...new Set(names)].sort();
}
