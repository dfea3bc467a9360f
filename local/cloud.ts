import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { SNSClient } from "@aws-sdk/client-sns";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { RetryPolicy } from "../laptop/lambda/asynchronous-invocation";
import type { ApiGateway, RestApi } from "./api-gateway";
import type { EventSource } from "./event-source";
import type { OnEvent } from "./events";
import type { Iam } from "./iam";
import type { LambdaFunction } from "./lambda";
import type { UsagePlan } from "./usage-plan";

/** The laptop's stand-in for an AWS account: clients of the emulators, and what runs on them. */
export interface Cloud {
  region: string;
  accountId: string;
  /** URL of the local AWS endpoint. */
  endpoint: string;
  /** Where archives are unpacked. */
  directory: string;
  dynamodb: DynamoDBClient;
  sqs: SQSClient;
  sns: SNSClient;
  /** Of whoever calls with this access key id: with the permissions of its role. */
  sqsClientAs(caller: string): SQSClient;
  iam: Iam;
  gateway: ApiGateway;
  /** By id. */
  restApis: Map<string, RestApi>;
  /** By id. */
  apiKeys: Map<string, { value: string; enabled: boolean }>;
  /** By id. */
  usagePlans: Map<string, UsagePlan>;
  /** By ARN. */
  functions: Map<string, LambdaFunction>;
  /** How a function's asynchronous events are tried again, by its ARN. */
  retryPolicies: Map<string, RetryPolicy>;
  /** What polls queues and keeps schedules, until it is stopped. */
  eventSources: EventSource[];
  onEvent: OnEvent;
}

/** What the engine gives back for a registered resource: its id and what AWS computes. */
export interface Resource {
  id: string;
  outputs: Record<string, unknown>;
}

export type Maker = (name: string, inputs: unknown, cloud: Cloud) => Promise<Resource> | Resource;

export function arn(
  { region, accountId }: Pick<Cloud, "region" | "accountId">,
  service: string,
  resource: string,
): string {
  return `arn:aws:${service}:${region}:${accountId}:${resource}`;
}

export function queueUrlOf(queueArn: string, { endpoint, accountId }: Cloud): string {
  return `${endpoint}/${accountId}/${queueArn.split(":").at(-1) ?? ""}`;
}
