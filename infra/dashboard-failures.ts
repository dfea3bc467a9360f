import * as pulumi from "@pulumi/pulumi";
import { graph, type GraphOptions, type Line, type Row, sums } from "./dashboard-widgets";
import { apiGateway, lambda, type Metric, ofTableAndIndexes, sns, type Watched } from "./metrics";

/** What fails, from orders over functions to services, and why. */
export function failureRows(watched: Watched, region: pulumi.Output<string>): Row[] {
  return [
    ordersRow({ region }),
    functionsRow(watched, { region }),
    servicesRow(watched, { region }),
    errorRow(watched, region),
  ];
}

function ordersRow(options: GraphOptions): Row {
  return {
    height: 6,
    widgets: [
      graph("Attempts", sums("AttemptsFailed", "UndosFailed", "OrdersFailed"), options),
      graph("Messages", sums("NotificationsFailed", "UnrecognisedMessages"), options),
    ],
  };
}

function functionsRow({ functions }: Watched, options: GraphOptions): Row {
  const each = (name: string, statistic: string): Line[] =>
    Object.entries(functions).map(([label, watched]) => ({
      metric: lambda(watched, name),
      statistic,
      label,
    }));
  return {
    height: 6,
    widgets: [
      graph("Errors of functions", each("Errors", "Sum"), options),
      graph("Throttles of functions", each("Throttles", "Sum"), options),
      graph("Duration of functions, p99 (ms)", each("Duration", "p99"), options),
      graph("Invocations at once", each("ConcurrentExecutions", "Maximum"), options),
    ],
  };
}

function servicesRow(watched: Watched, options: GraphOptions): Row {
  const { api, topic, accessLogs } = watched;
  const sum = (metric: Metric, label: string): Line => ({ metric, statistic: "Sum", label });
  return {
    height: 6,
    widgets: [
      graph(
        "Requests",
        [
          ...["Count", "4XXError", "5XXError"].map((name) => sum(apiGateway(api, name), name)),
          ...(accessLogs ? [sum(accessLogs.throttledRequests, "429")] : []),
        ],
        options,
      ),
      graph(
        "Throttles of the table",
        ["ReadThrottleEvents", "WriteThrottleEvents"].flatMap((name) =>
          Object.entries(ofTableAndIndexes(watched, name)).map(([index, metric]) =>
            sum(metric, index === "" ? name : `${name} of ${index}`),
          ),
        ),
        options,
      ),
      graph(
        "Deliveries of notifications",
        ["NumberOfNotificationsDelivered", "NumberOfNotificationsFailed"].map((name) =>
          sum(sns(topic, name), name),
        ),
        options,
      ),
    ],
  };
}

function errorRow({ functions }: Watched, region: pulumi.Output<string>): Row {
  const groups = Object.values(functions).map(({ logGroup }) => logGroup.name);
  const sources = pulumi.all(groups).apply((names) => names.map((name) => `SOURCE '${name}'`));
  const query = sources.apply((each) =>
    [
      ...each,
      "fields @timestamp, function_name, orderId, message, error.name, error.message",
      'filter level = "ERROR"',
      "sort @timestamp desc",
      "limit 20",
    ].join(" | "),
  );
  const properties = { title: "The last 20 errors", region, query, view: "table" };
  return { height: 8, widgets: [{ type: "log", properties }] };
}
