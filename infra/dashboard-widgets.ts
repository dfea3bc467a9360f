import type * as pulumi from "@pulumi/pulumi";
import type { MetricName } from "../handlers/metrics";
import { type Metric, own } from "./metrics";

/** A line of a graph: a metric with a statistic, or metric math over other lines' ids. */
export type Line =
  | { metric: Metric; statistic: string; label?: string; id?: string; visible?: false }
  | { expression: string; label: string; id?: string };

/** A row of a dashboard: widgets of one height that share its 24 columns. */
export interface Row {
  height: number;
  widgets: Widget[];
}

/** Without its place. */
export interface Widget {
  type: "metric" | "alarm" | "log" | "text";
  properties: Record<string, unknown>;
}

const COLUMNS = 24;

/** The form is CloudWatch's: "Dashboard body structure and syntax" in its API reference. */
export function dashboardBody(rows: Row[]) {
  let y = 0;
  const widgets = rows.flatMap((row) => {
    const width = Math.floor(COLUMNS / row.widgets.length);
    const placed = row.widgets.map((widget, i) => ({
      ...widget,
      x: i * width,
      y,
      width,
      height: row.height,
    }));
    y += row.height;
    return placed;
  });
  return { widgets };
}

export function heading(markdown: string): Row {
  return { height: 1, widgets: [{ type: "text", properties: { markdown } }] };
}

export interface GraphOptions {
  region: pulumi.Input<string>;
  view?: "timeSeries" | "singleValue";
  stacked?: boolean;
  periodSeconds?: number;
}

export function graph(title: string, lines: Line[], options: GraphOptions): Widget {
  const { region, view = "timeSeries", stacked = false, periodSeconds = 60 } = options;
  const metrics = lines.map(lineOf);
  const properties = { title, region, view, stacked, period: periodSeconds, metrics };
  return { type: "metric", properties };
}

function lineOf(line: Line): unknown[] {
  if ("expression" in line) return [line];
  const { metric, statistic: stat, label, id, visible } = line;
  const dimensions = Object.entries(metric.dimensions).flat();
  const options = {
    stat,
    ...(label !== undefined && { label }),
    ...(id !== undefined && { id }),
    ...(visible === false && { visible }),
  };
  return [metric.namespace, metric.name, ...dimensions, options];
}

export function sums(...names: MetricName[]): Line[] {
  return names.map((name) => ({ metric: own(name), statistic: "Sum" }));
}

export function percentiles(metric: Metric): Line[] {
  return ["p50", "p90", "p99"].map((statistic) => ({ metric, statistic, label: statistic }));
}
