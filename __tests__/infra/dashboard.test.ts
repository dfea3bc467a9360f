import { type Evaluated, evaluateWithoutArchives, inputsOf } from "../support/aws-mocks";
import { type NamedMetric, unknownMetrics } from "../support/known-metrics";
import { metricsOfFilters } from "../support/registered-metrics";

interface Widget {
  type: string;
  x: number;
  y: number;
  width: number;
  height: number;
  properties: {
    title?: string;
    region?: string;
    metrics?: unknown[][];
    alarms?: string[];
    query?: string;
    markdown?: string;
  };
}

let program: Evaluated;
let widgets: Widget[];

beforeAll(async () => {
  program = await evaluateWithoutArchives({ "order-processing:accessLogs": true }, "prod.eu");
  const { dashboardBody } = inputsOf(program, "aws:cloudwatch/dashboard:Dashboard", "orders");
  ({ widgets } = JSON.parse(String(dashboardBody)) as { widgets: Widget[] });
});

/** The lines of all graphs: [namespace, name, dimension, value, …, options], or [{ expression }]. */
function lines(): unknown[][] {
  return widgets.flatMap(({ properties }) => properties.metrics ?? []);
}

function metricOf(line: unknown[]): NamedMetric[] {
  const texts = line.filter((each) => typeof each === "string");
  const [namespace, name, ...rest] = texts;
  if (namespace === undefined || name === undefined) return [];
  const keys = rest.filter((_, i) => i % 2 === 0);
  const dimensions = Object.fromEntries(keys.map((key, i) => [key, rest[2 * i + 1] ?? ""]));
  return [{ namespace, name, dimensions }];
}

function optionsOf(line: unknown[]) {
  return line.at(-1) as { id?: string; expression?: string; stat?: string };
}

describe("the dashboard", () => {
  it("names metrics that exist, with dimensions that they have", () => {
    const metrics = lines().flatMap(metricOf);
    expect(metrics.length).toBeGreaterThan(60);
    expect(unknownMetrics(metrics, metricsOfFilters(program))).toEqual([]);
  });

  it("would not pass with a misspelt metric", () => {
    const [line = []] = lines();
    const misspelt = line.map((each) => (each === line[1] ? `${String(each)}s` : each));
    expect(unknownMetrics(metricOf(misspelt))).toHaveLength(1);
  });

  it("gives each metric a statistic, and each expression ids that its graph has", () => {
    for (const { properties } of widgets) {
      const ids = (properties.metrics ?? []).flatMap((line) => optionsOf(line).id ?? []);
      expect(new Set(ids).size).toBe(ids.length);
      for (const line of properties.metrics ?? []) {
        const { expression, stat } = optionsOf(line);
        if (expression === undefined) expect(stat).toMatch(/^(?:Sum|Maximum|p\d+)$/);
        const used = expression?.match(/\b[a-z]\w*/g) ?? [];
        expect(ids).toEqual(expect.arrayContaining(used));
      }
    }
  });

  it("answers the questions in their order", () => {
    const headings = widgets.flatMap(({ properties }) => properties.markdown ?? []);
    expect(headings).toEqual([
      "## Is it well?",
      "## How fast?",
      "## What is stuck?",
      "## What fails?",
      "## What does it cost?",
    ]);
  });

  it("places each widget where no other is, within 24 columns", () => {
    const cells = widgets.flatMap(({ x, y, width, height }) =>
      Array.from({ length: width * height }, (_, i) =>
        [x + (i % width), y + Math.floor(i / width)].join(),
      ),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...widgets.map(({ x, width }) => x + width))).toBeLessThanOrEqual(24);
  });

  it("shows the state of every alarm, and the last errors of every function", () => {
    const alarms = program.resources.filter(({ type }) => type.endsWith(":MetricAlarm"));
    expect(widgets.flatMap(({ properties }) => properties.alarms ?? [])).toHaveLength(
      alarms.length,
    );
    const [query = ""] = widgets.flatMap(({ properties }) => properties.query ?? []);
    expect(query.match(/SOURCE '\/logs\/[a-z-]+'/g)).toHaveLength(5);
    expect(query).toContain('| filter level = "ERROR" | sort @timestamp desc | limit 20');
  });

  it("has costs at list prices, in numbers that metric math can read", () => {
    const costs = lines().flatMap((line) => optionsOf(line).expression ?? []);
    expect(costs).toHaveLength(6);
    expect(costs[0]).toBe("0.000003500000 * (FILL(api0x0, 0))");
    expect(costs[1]).toContain("0.000000006667 * (FILL(lambda1x0, 0) + ");
  });

  it("is one for each stack and region, by a name that CloudWatch takes", () => {
    const { dashboardName } = inputsOf(program, "aws:cloudwatch/dashboard:Dashboard", "orders");
    expect(dashboardName).toBe("order-processing-prod-eu-eu-west-1");
    const regions = widgets.flatMap(({ properties }) => properties.region ?? []);
    expect(new Set(regions)).toEqual(new Set(["eu-west-1"]));
  });
});
