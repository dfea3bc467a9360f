import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { SNSClient } from "@aws-sdk/client-sns";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { RetryPolicy } from "./lambda/asynchronous-invocation";
import type { ApiGateway } from "./apigateway/server";
import type { RestApi } from "./apigateway/stage";
import type { EventSource } from "./lambda/event-source-mapping";
import type { OnEvent } from "./events";
import type { Iam } from "./iam/authorizer";
import type { LambdaFunction } from "./lambda/execution-environments";
import type { CreatedResource } from "./program/provider";
import type { UsagePlan } from "./apigateway/usage-plan";

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

export type { CreatedResource as Resource } from "./program/provider";
export { arn } from "./account";

export type Maker = (
  name: string,
  inputs: unknown,
  cloud: Cloud,
) => Promise<CreatedResource> | CreatedResource;

export function queueUrlOf(queueArn: string, { endpoint, accountId }: Cloud): string {
  return `${endpoint}/${accountId}/${queueArn.split(":").at(-1) ?? ""}`;
}
