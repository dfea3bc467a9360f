import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { costLines } from "./dashboard-costs";
import { failureRows } from "./dashboard-failures";
import {
  dashboardBody,
  graph,
  type GraphOptions,
  heading,
  type Line,
  percentiles,
  type Row,
  sums,
} from "./dashboard-widgets";
import { apiGateway, type Metric, own, sqs, type Watched } from "./metrics";

export interface DashboardArgs {
  watched: Watched;
  /** The alarms whose states it shows; none where there are no alarms. */
  alarmArns: pulumi.Input<string>[];
}

/** Read from top left to bottom right: is it well, how many, how fast, what is stuck, what fails, what it costs. */
export class Dashboard extends pulumi.ComponentResource {
  constructor(name: string, { watched, alarmArns }: DashboardArgs) {
    super("order-processing:infra:Dashboard", name);
    // Dashboards belong to no region: the name says which. It takes no dots.
    const region = watched.table.arn.apply((arn) => arn.split(":")[3] ?? "");
    const stack = `${pulumi.getProject()}-${pulumi.getStack()}`.replaceAll(/[^A-Za-z0-9_-]/g, "-");
    new aws.cloudwatch.Dashboard(
      name,
      {
        dashboardName: pulumi.interpolate`${stack}-${region}`,
        dashboardBody: pulumi.jsonStringify(dashboardBody(rowsOf(watched, alarmArns, region))),
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}

function rowsOf(
  watched: Watched,
  alarmArns: pulumi.Input<string>[],
  region: pulumi.Output<string>,
): Row[] {
  return [
    heading("## Is it well?"),
    ...(alarmArns.length > 0 ? [alarmRow(alarmArns)] : []),
    wellRow({ region }),
    heading("## How fast?"),
    fastRow(watched, { region }),
    heading("## What is stuck?"),
    stuckRow(watched, { region }),
    heading("## What fails?"),
    ...failureRows(watched, region),
    heading("## What does it cost?"),
    costRow(watched, { region }),
  ];
}

function alarmRow(alarms: pulumi.Input<string>[]): Row {
  return { height: 4, widgets: [{ type: "alarm", properties: { title: "Alarms", alarms } }] };
}

function wellRow(options: GraphOptions): Row {
  const oldest = { metric: own("OldestOverdueOrderAge"), statistic: "Maximum" };
  const single: GraphOptions = { ...options, view: "singleValue" };
  return {
    height: 6,
    widgets: [
      graph("Oldest overdue order (seconds)", [oldest], single),
      graph(
        "Orders a minute",
        sums("OrdersAccepted", "OrdersReplayed", "OrdersCompleted", "OrdersRejected").concat(
          sums("OrdersCancelled", "OrdersFailed"),
        ),
        options,
      ),
    ],
  };
}

function fastRow({ api }: Watched, options: GraphOptions): Row {
  return {
    height: 6,
    widgets: [
      graph("Accepted to ended (ms)", percentiles(own("TimeToEnd")), options),
      graph("Accepted to notified (ms)", percentiles(own("TimeToNotified")), options),
      graph(
        "API latency (ms)",
        [
          ...percentiles(apiGateway(api, "Latency")),
          {
            metric: apiGateway(api, "IntegrationLatency"),
            statistic: "p99",
            label: "of functions",
          },
        ],
        options,
      ),
    ],
  };
}

function stuckRow({ queue, deadLetterQueue }: Watched, options: GraphOptions): Row {
  const maximum = (metric: Metric): Line => ({ metric, statistic: "Maximum" });
  return {
    height: 6,
    widgets: [
      graph(
        "Overdue orders",
        [maximum(own("OverdueOrders")), ...sums("MessagesSentAgain")],
        options,
      ),
      graph(
        "Messages on the queue of orders",
        [
          maximum(sqs(queue, "ApproximateNumberOfMessagesVisible")),
          maximum(sqs(queue, "ApproximateNumberOfMessagesNotVisible")),
        ],
        options,
      ),
      graph("Oldest message (s)", [maximum(sqs(queue, "ApproximateAgeOfOldestMessage"))], options),
      graph(
        "Dead letters",
        [maximum(sqs(deadLetterQueue, "ApproximateNumberOfMessagesVisible"))],
        options,
      ),
    ],
  };
}

function costRow(watched: Watched, options: GraphOptions): Row {
  const hourly: GraphOptions = { ...options, stacked: true, periodSeconds: 3600 };
  const title = "US dollars an hour, at list prices";
  return { height: 6, widgets: [graph(title, costLines(watched), hourly)] };
}
