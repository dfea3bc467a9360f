import {
  array,
  boolean,
  defaulted,
  enums,
  type Infer,
  integer,
  number,
  object,
  optional,
  record,
  string,
  type,
} from "superstruct";
import {
  type AlarmDefinition,
  COMPARISON_OPERATORS,
  type MetricQuery,
  type MetricStat,
  MISSING_DATA,
} from "./alarms";
import { checkQueries } from "./datapoints";
import { parseStatistic } from "./metrics";

const dimensions = defaulted(record(string(), string()), {});
const actions = defaulted(array(string()), []);
const query = object({
  id: string(),
  label: optional(string()),
  returnData: defaulted(boolean(), false),
  expression: optional(string()),
  metric: optional(
    object({
      namespace: string(),
      metricName: string(),
      dimensions,
      period: integer(),
      stat: string(),
    }),
  ),
});

/** An alarm's inputs, as far as the laptop emulates them. */
export const alarmInputs = type({
  name: optional(string()),
  alarmDescription: defaulted(string(), ""),
  comparisonOperator: enums(COMPARISON_OPERATORS),
  evaluationPeriods: integer(),
  datapointsToAlarm: optional(integer()),
  threshold: number(),
  treatMissingData: optional(enums(MISSING_DATA)),
  actionsEnabled: defaulted(boolean(), true),
  alarmActions: actions,
  okActions: actions,
  insufficientDataActions: actions,
  namespace: optional(string()),
  metricName: optional(string()),
  dimensions,
  statistic: optional(string()),
  extendedStatistic: optional(string()),
  period: optional(integer()),
  metricQueries: defaulted(array(query), []),
});

type AlarmInputs = Infer<typeof alarmInputs>;

/** Throws a sentence for what is wrong with an alarm, or not known to the laptop. */
export function alarmDefinition(name: string, arn: string, inputs: AlarmInputs): AlarmDefinition {
  const { evaluationPeriods, datapointsToAlarm = evaluationPeriods } = inputs;
  if (datapointsToAlarm < 1 || datapointsToAlarm > evaluationPeriods) {
    throw new Error(`datapointsToAlarm is from 1 to evaluationPeriods, ${evaluationPeriods} here`);
  }
  const source = sourceIn(inputs);
  const stats = statsOf(source);
  for (const { stat } of stats) parseStatistic(stat);
  return {
    name,
    arn,
    description: inputs.alarmDescription,
    source,
    periodSeconds: onePeriodOf(stats),
    evaluationPeriods,
    datapointsToAlarm,
    comparisonOperator: inputs.comparisonOperator,
    threshold: inputs.threshold,
    treatMissingData: inputs.treatMissingData ?? defaultTreatment(stats),
    actionsEnabled: inputs.actionsEnabled,
    actions: {
      ALARM: inputs.alarmActions,
      OK: inputs.okActions,
      INSUFFICIENT_DATA: inputs.insufficientDataActions,
    },
  };
}

/** What an alarm, or one of its queries, looks at. */
export function statsOf(source: AlarmDefinition["source"]): MetricStat[] {
  if (!("queries" in source)) return [source];
  return source.queries.flatMap((each) => ("metricStat" in each ? [each.metricStat] : []));
}

function sourceIn(inputs: AlarmInputs): AlarmDefinition["source"] {
  if (inputs.metricQueries.length > 0) {
    const queries = inputs.metricQueries.map(queryIn);
    checkQueries(queries);
    return { queries };
  }
  const { namespace, metricName: name, period: periodSeconds } = inputs;
  const { statistic: stat = inputs.extendedStatistic } = inputs;
  if (namespace === undefined || name === undefined) throw new Error("it has no metric");
  if (periodSeconds === undefined || stat === undefined) {
    throw new Error("its metric has no period or no statistic");
  }
  return { metric: { namespace, name, dimensions: inputs.dimensions }, stat, periodSeconds };
}

function queryIn({ id, label, returnData, expression, metric }: Infer<typeof query>): MetricQuery {
  const common = { id, label, returnData };
  if (expression !== undefined) return { ...common, expression };
  if (!metric) throw new Error(`its query ${id} has neither a metric nor an expression`);
  const { namespace, metricName: name, stat, period: periodSeconds } = metric;
  const metricStat = {
    metric: { namespace, name, dimensions: metric.dimensions },
    stat,
    periodSeconds,
  };
  return { ...common, metricStat };
}

function onePeriodOf(stats: readonly MetricStat[]): number {
  const [period = 0, ...others] = new Set(stats.map(({ periodSeconds }) => periodSeconds));
  if (period >= 1 && others.length === 0) return period;
  throw new Error("its metrics have one period, of whole seconds");
}

/** CloudWatch's own defaults. */
function defaultTreatment(stats: readonly MetricStat[]): AlarmDefinition["treatMissingData"] {
  const isOfTables = stats.every(({ metric }) => metric.namespace === "AWS/DynamoDB");
  return isOfTables ? "ignore" : "missing";
}
