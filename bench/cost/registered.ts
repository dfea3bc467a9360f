import { array, create, defaulted, number, optional, string, type, unknown } from "superstruct";
import { millisecondsOfRate } from "../../laptop/events/rate";
import type { Registration } from "../../laptop/program/provider";
import type { IndexShape } from "./units";

export interface RegisteredFunction {
  memoryMegabytes: number;
  isArm: boolean;
  isTraced: boolean;
  /** Whether Lambda writes a line of its own at the start and the end of each invocation that succeeds. */
  writesPlatformLines: boolean;
}

export interface TableShape {
  keys: string[];
  indexes: IndexShape[];
}

export interface Schedule {
  functionArn: string;
  timesAMonth: number;
}

/** What of a program's registrations decides on costs. */
export interface Registered {
  functions: Map<string, RegisteredFunction>;
  tables: Map<string, TableShape>;
  queues: Set<string>;
  /** Queues that are polled for a function. */
  polledQueues: number;
  schedules: Schedule[];
  alarmMetrics: number;
  dashboards: number;
}

export const MONTH_SECONDS = 730 * 3600;

const functionStruct = type({
  memorySize: defaulted(number(), 128),
  architectures: defaulted(array(string()), ["x86_64"]),
  tracingConfig: defaulted(type({ mode: string() }), { mode: "PassThrough" }),
  loggingConfig: defaulted(
    type({ logFormat: string(), systemLogLevel: defaulted(string(), "INFO") }),
    { logFormat: "Text" },
  ),
});
const tableStruct = type({
  hashKey: string(),
  rangeKey: optional(string()),
  globalSecondaryIndexes: defaulted(
    array(
      type({
        hashKey: optional(string()),
        rangeKey: optional(string()),
        keySchemas: defaulted(array(type({ attributeName: string() })), []),
        projectionType: string(),
        nonKeyAttributes: defaulted(array(string()), []),
      }),
    ),
    [],
  ),
});
const alarmStruct = type({
  metricQueries: defaulted(array(type({ metric: optional(unknown()) })), []),
});
const scheduleStruct = type({ scheduleExpression: string(), target: type({ arn: string() }) });

export function makeRegistered(): Registered {
  return {
    functions: new Map(),
    tables: new Map(),
    queues: new Set(),
    polledQueues: 0,
    schedules: [],
    alarmMetrics: 0,
    dashboards: 0,
  };
}

export function addRegistration(to: Registered, { type: of, name, inputs }: Registration): void {
  switch (of) {
    case "aws:lambda/function:Function":
      to.functions.set(name, functionOf(create(inputs, functionStruct)));
      return;
    case "aws:dynamodb/table:Table":
      to.tables.set(name, tableOf(create(inputs, tableStruct)));
      return;
    case "aws:sqs/queue:Queue":
      to.queues.add(name);
      return;
    case "aws:lambda/eventSourceMapping:EventSourceMapping":
      to.polledQueues += 1;
      return;
    case "aws:scheduler/schedule:Schedule":
      to.schedules.push(scheduleOf(create(inputs, scheduleStruct)));
      return;
    case "aws:cloudwatch/metricAlarm:MetricAlarm":
      to.alarmMetrics += alarmMetrics(create(inputs, alarmStruct));
      return;
    case "aws:cloudwatch/dashboard:Dashboard":
      to.dashboards += 1;
  }
}

function functionOf(inputs: (typeof functionStruct)["TYPE"]): RegisteredFunction {
  const { memorySize, architectures, tracingConfig, loggingConfig } = inputs;
  return {
    memoryMegabytes: memorySize,
    isArm: architectures.includes("arm64"),
    isTraced: tracingConfig.mode === "Active",
    writesPlatformLines: loggingConfig.systemLogLevel !== "WARN",
  };
}

function tableOf({ hashKey, rangeKey, ...table }: (typeof tableStruct)["TYPE"]): TableShape {
  const keys = [hashKey, rangeKey].filter((name) => name !== undefined);
  const indexes = table.globalSecondaryIndexes.map((index): IndexShape => {
    const named = [index.hashKey, index.rangeKey].filter((name) => name !== undefined);
    const inSchema = index.keySchemas.map(({ attributeName }) => attributeName);
    return {
      keys: [...new Set([...keys, ...named, ...inSchema])],
      projected: index.projectionType === "ALL" ? "all" : index.nonKeyAttributes,
    };
  });
  return { keys, indexes };
}

function scheduleOf({ scheduleExpression, target }: (typeof scheduleStruct)["TYPE"]): Schedule {
  const milliseconds = millisecondsOfRate(scheduleExpression);
  if (milliseconds === undefined) throw new Error(`how often is ${scheduleExpression} a month?`);
  return { functionArn: target.arn, timesAMonth: (MONTH_SECONDS * 1000) / milliseconds };
}

/** CloudWatch bills an alarm for each metric that its metric math reads. */
function alarmMetrics({ metricQueries }: (typeof alarmStruct)["TYPE"]): number {
  return metricQueries.length === 0
    ? 1
    : metricQueries.filter(({ metric }) => metric !== undefined).length;
}
