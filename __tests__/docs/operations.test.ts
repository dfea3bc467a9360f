import { METRICS } from "../../handlers/metrics";
import { type Evaluated, evaluateWithoutArchives } from "../support/aws-mocks";
import { type AlarmInputs, alarmsOf, metricsOfAlarm } from "../support/registered-metrics";
import { read, rowsOf } from "./project";

const page = read("docs/operations.md");
const FUNCTION =
  /^(?:create|get|cancel|process)-order-|^(?:reconcile|list)-orders-|^authorize-caller-/;
const AUTH = { issuer: "https://issuer.example.com/", audience: "orders" };
const SIGNS: Record<string, string> = {
  GreaterThanThreshold: ">",
  GreaterThanOrEqualToThreshold: "≥",
  LessThanThreshold: "<",
};
const MISSING: Record<string, string> = {
  ignore: "keeps its state",
  breaching: "alarm",
  notBreaching: "well",
};

let program: Evaluated;
let closed: Evaluated;

beforeAll(async () => {
  program = await evaluateWithoutArchives({ "order-processing:accessLogs": true });
});
beforeAll(async () => {
  closed = await evaluateWithoutArchives({
    "order-processing:accessLogs": true,
    "order-processing:auth": AUTH,
  });
});

/** Without the alarm that comes with accessLogs only. */
function billed(of: Evaluated) {
  const { "requests-throttled": _, ...alarms } = alarmsOf(of);
  const metrics = Object.values(alarms).flatMap(metricsOfAlarm);
  return { alarms: Object.keys(alarms).length, metrics: metrics.length };
}

/** An alarm as its row has it, without the reason. */
function rowOf(name: string, alarm: AlarmInputs): string[] {
  const { datapointsToAlarm, evaluationPeriods, threshold, treatMissingData } = alarm;
  const [queried] = alarm.metricQueries?.flatMap(({ metric }) => metric ?? []) ?? [];
  const statistic = queried?.stat ?? alarm.statistic ?? alarm.extendedStatistic ?? "";
  const period = queried?.period ?? alarm.period ?? 0;
  const metrics = [...new Set(metricsOfAlarm(alarm).map((metric) => `\`${metric.name}\``))];
  const limit = name.endsWith("-slow") && FUNCTION.test(name) ? "0.8 × timeout" : threshold;
  return [
    `\`${name.replace(FUNCTION, "<function>-")}\``,
    `${metrics.join(", ")} ${statistic}`,
    `${datapointsToAlarm} of ${evaluationPeriods} × ${period} s`,
    `${SIGNS[alarm.comparisonOperator] ?? ""} ${limit}`,
    MISSING[treatMissingData] ?? "",
  ];
}

describe("docs/operations.md", () => {
  it("has every metric with its unit", () => {
    const rows = rowsOf(page, "metric", "unit").map(([name = "", unit = ""]) => [
      name.replaceAll("`", ""),
      unit,
    ]);
    expect(Object.fromEntries(rows)).toEqual(METRICS);
  });

  it("has every alarm as it is registered, with a reason", () => {
    const rows = rowsOf(page, "alarm", "watches");
    const registered = Object.entries(alarmsOf(closed)).map(([name, alarm]) => rowOf(name, alarm));
    const distinct = new Set(registered.map((row) => row.join(" | ")));
    expect(new Set(rows.map((row) => row.slice(0, 5).join(" | ")))).toEqual(distinct);
    for (const row of rows) expect(row[5]).toMatch(/^\S.*\S$/);
  });

  it("has the number of alarms, and of metrics that they are billed by", () => {
    const [open, withAuth] = [billed(program), billed(closed)];
    expect(page).toContain(`alarms: ${open.alarms} alarms over ${open.metrics} metrics`);
    const more = withAuth.metrics - open.metrics;
    expect(page).toContain(`alarms: ${withAuth.alarms - open.alarms} more, over ${more} metrics`);
    expect(page).toContain(`$${(more / 10).toFixed(2)} a month`);
    // The one of a closed API stands apart.
    const { TokensRefused: _, ...ofAll } = METRICS;
    expect(page).toContain(`${Object.keys(ofAll).length} metrics of our own`);
    expect(page).toContain("metrics: `TokensRefused`");
  });
});
