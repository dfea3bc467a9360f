/** What identifies a metric in CloudWatch. */
export interface MetricId {
  namespace: string;
  name: string;
  dimensions: Readonly<Record<string, string>>;
}

/** CloudWatch's metrics, of this stack's lifetime, in memory. Times in milliseconds since 1970. */
export interface Metrics {
  put(id: MetricId, value: number, at: number): void;
  /**
   * Of the values from `from` until before `to`: `stat` in CloudWatch's words (Sum, Average, Minimum, Maximum,
   * SampleCount, p0 to p100). Undefined where there are none.
   */
  statistic(id: MetricId, stat: string, from: number, to: number): number | undefined;
}
