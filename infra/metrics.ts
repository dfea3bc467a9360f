import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { METRIC_NAMESPACE, type MetricName, STACK_DIMENSION } from "../handlers/metrics";
import type { AccessLogs } from "./access-logs";
import type { OrderApi } from "./api";
import type { LambdaFunction } from "./lambda-function";

/** What alarms and dashboard look at. */
export interface Watched {
  /** By name. */
  functions: Record<string, WatchedFunction>;
  queue: aws.sqs.Queue;
  deadLetterQueue: aws.sqs.Queue;
  table: aws.dynamodb.Table;
  indexNames: string[];
  topic: aws.sns.Topic;
  api: OrderApi;
  accessLogs: AccessLogs | undefined;
}

export type WatchedFunction = Pick<
  LambdaFunction<unknown, unknown>,
  "function" | "logGroup" | "timeoutSeconds"
>;

/** A metric in CloudWatch's words. */
export interface Metric {
  namespace: string;
  name: string;
  dimensions: Record<string, pulumi.Input<string>>;
}

/** One that the functions emit themselves. */
export function own(name: MetricName): Metric {
  const dimensions = { [STACK_DIMENSION]: pulumi.getStack() };
  return { namespace: METRIC_NAMESPACE, name, dimensions };
}

export function lambda(watched: WatchedFunction, name: string): Metric {
  return { namespace: "AWS/Lambda", name, dimensions: { FunctionName: watched.function.name } };
}

export function logs({ logGroup }: WatchedFunction, name: string): Metric {
  return { namespace: "AWS/Logs", name, dimensions: { LogGroupName: logGroup.name } };
}

export function sqs(queue: aws.sqs.Queue, name: string): Metric {
  return { namespace: "AWS/SQS", name, dimensions: { QueueName: queue.name } };
}

export function sns(topic: aws.sns.Topic, name: string): Metric {
  return { namespace: "AWS/SNS", name, dimensions: { TopicName: topic.name } };
}

export function apiGateway({ name: ApiName, stageName: Stage }: OrderApi, name: string): Metric {
  return { namespace: "AWS/ApiGateway", name, dimensions: { ApiName, Stage } };
}

export function dynamodb(
  table: aws.dynamodb.Table,
  name: string,
  others: { Operation?: string; GlobalSecondaryIndexName?: string } = {},
): Metric {
  return { namespace: "AWS/DynamoDB", name, dimensions: { TableName: table.name, ...others } };
}

/** A table's own metric leaves out its indexes: theirs by their names, and the table's by "". */
export function ofTableAndIndexes(
  { table, indexNames }: Pick<Watched, "table" | "indexNames">,
  name: string,
): Record<string, Metric> {
  const ofIndexes = indexNames.map((index) => [
    index,
    dynamodb(table, name, { GlobalSecondaryIndexName: index }),
  ]);
  return Object.fromEntries([["", dynamodb(table, name)], ...ofIndexes]) as Record<string, Metric>;
}
