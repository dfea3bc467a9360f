import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { SQSClient } from "@aws-sdk/client-sqs";
import { clientConfig } from "../../target/client-config";
import type { Stack } from "../../target/stack";

export type Clients = ReturnType<typeof makeClients>;

export function makeClients(stack: Stack) {
  const config = clientConfig(stack);
  return {
    cloudWatch: new CloudWatchClient(config),
    logs: new CloudWatchLogsClient(config),
    lambda: new LambdaClient(config),
    scheduler: new SchedulerClient(config),
    sqs: new SQSClient(config),
  };
}
