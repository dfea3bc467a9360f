import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import * as path from "node:path";
import { array, create, defaulted, number, optional, record, string, type } from "superstruct";
import { arn, queueUrlOf, type Cloud, type Resource } from "../cloud";
import { startEventSource } from "./event-source-mapping";
import { pollerOf } from "../iam/callers";
import { judge } from "../iam/authorizer";
import { makeLambdaFunction, type LambdaFunction } from "./execution-environments";
import { unpack } from "./sandbox";
import { roleOfFunction } from "../iam/resources";

export function makeFunction(name: string, inputs: unknown, cloud: Cloud): Resource {
  const struct = type({
    role: string(),
    code: type({ files: record(string(), string()) }),
    handler: string(),
    timeout: number(),
    memorySize: number(),
    environment: defaulted(type({ variables: record(string(), string()) }), { variables: {} }),
    loggingConfig: optional(type({ logGroup: string() })),
  });
  const lambda = create(inputs, struct);
  warnOfWhatIsNotEmulated(name, lambda, cloud);
  const functionArn = arn(cloud, "lambda", `function:${name}`);
  const role = roleOfFunction(name, lambda.role, cloud);
  for (const actor of [name, pollerOf(name), mapperOf(name)]) cloud.iam.actors.set(actor, role);
  const directory = path.join(cloud.directory, name);
  const environment = environmentOf(name, lambda.environment.variables, {
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(lambda.memorySize),
    AWS_LAMBDA_LOG_GROUP_NAME: lambda.loggingConfig?.logGroup ?? "",
    AWS_REGION: cloud.region,
    AWS_ACCESS_KEY_ID: name,
    AWS_SECRET_ACCESS_KEY: "laptop",
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    LAMBDA_TASK_ROOT: directory,
    LOCAL_FUNCTION_ARN: functionArn,
    _HANDLER: lambda.handler,
  });
  const spec = {
    directory,
    entry: unpack(directory, lambda.code.files),
    memoryMegabytes: lambda.memorySize,
    timeoutMilliseconds: lambda.timeout * 1000,
    environment,
  };
  const target = makeLambdaFunction(name, spec, cloud.onEvent);
  cloud.functions.set(functionArn, target);
  const invokeArn = `arn:aws:apigateway:${cloud.region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
  return { id: name, outputs: { name, arn: functionArn, invokeArn } };
}

/** A laptop gives events up where AWS would keep them. */
function warnOfWhatIsNotEmulated(name: string, inputs: object, { onEvent }: Cloud): void {
  if (!("deadLetterConfig" in inputs)) return;
  const text = `the function ${name} has deadLetterConfig, which is not emulated: events that it has failed on for good are lost here`;
  onEvent({ kind: "warning", text });
}

/** Lambda's own variables are not the program's to set: it could call AWS as somebody else. */
function environmentOf(
  name: string,
  variables: Record<string, string>,
  ofLambda: Record<string, string>,
): Record<string, string> {
  const reserved = Object.keys(variables).filter((key) => key in ofLambda);
  if (reserved.length > 0) {
    throw new Error(`the environment of ${name} sets ${reserved.join()}, which Lambda reserves`);
  }
  return { TZ: ":UTC", ...variables, ...ofLambda };
}

export async function makeEventSourceMapping(
  name: string,
  inputs: unknown,
  cloud: Cloud,
): Promise<Resource> {
  const struct = type({
    eventSourceArn: string(),
    functionName: string(),
    batchSize: defaulted(number(), 10),
    scalingConfig: defaulted(type({ maximumConcurrency: number() }), { maximumConcurrency: 10 }),
    functionResponseTypes: defaulted(array(string()), []),
  });
  const mapping = create(inputs, struct);
  const target = cloud.functions.get(mapping.functionName);
  if (!target) throw new Error(`${mapping.functionName} is not the ARN of a function`);
  const options = {
    queueArn: mapping.eventSourceArn,
    queueUrl: queueUrlOf(mapping.eventSourceArn, cloud),
    region: cloud.region,
    batchSize: mapping.batchSize,
    maximumConcurrency: mapping.scalingConfig.maximumConcurrency,
    reportsBatchItemFailures: mapping.functionResponseTypes.includes("ReportBatchItemFailures"),
  };
  const poller = pollerOf(target.name);
  const sqs = cloud.sqsClientAs(poller);
  mustBeAllowed(poller, POLLING, mapping.eventSourceArn, cloud);
  await mustHideLongEnough(cloud.sqsClientAs(mapperOf(target.name)), options.queueUrl, target);
  cloud.eventSources.push(startEventSource(sqs, target, options, cloud.onEvent));
  return { id: name, outputs: {} };
}

/** Who looks at a queue when it is mapped: unlike a poller it does not meet with faults. */
function mapperOf(functionName: string): string {
  return `${functionName}.mapper`;
}

const POLLING = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];

/** Lambda asks for these when it is told of a queue, not only when it uses it. */
function mustBeAllowed(caller: string, actions: string[], queueArn: string, { iam }: Cloud): void {
  for (const action of actions) {
    const denial = judge(iam, caller, { action, resource: queueArn });
    if (denial) throw new Error(`Lambda refuses the queue: ${denial.message}`);
  }
}

/** Lambda refuses a queue that hands a message out again while its function may still be at work. */
async function mustHideLongEnough(
  sqs: SQSClient,
  QueueUrl: string,
  { name, timeoutMilliseconds }: LambdaFunction,
): Promise<void> {
  const command = new GetQueueAttributesCommand({
    QueueUrl,
    AttributeNames: ["VisibilityTimeout"],
  });
  const { Attributes } = await sqs.send(command);
  const seconds = Number(Attributes?.VisibilityTimeout);
  if (seconds * 1000 < timeoutMilliseconds) {
    throw new Error(
      `the visibility timeout of ${QueueUrl}, ${seconds} s, is shorter than the timeout of ${name}`,
    );
  }
}
