import { GetQueueAttributesCommand, type Message, type SQSClient } from "@aws-sdk/client-sqs";
import { array, defaulted, number, object, string, type } from "superstruct";
import { type Account, nameInArn } from "../account";
import type { OnEvent } from "../events";
import { checkPermission, type Iam } from "../iam/authorizer";
import { mapperOf, pollerOf } from "../iam/callers";
import { addPoller, type Poller } from "../poller";
import { defineProvider, type Provider } from "../program/provider";
import { startPolling } from "../sqs/consumer";
import type { Queues } from "../sqs/queues";
import { parseTraceHeader } from "../traces/trace-header";
import type { Tracing } from "../traces/tracing";
import { handledMessages } from "./batch-response";
import type { Cause, LambdaFunction } from "./execution-environments";
import type { Functions } from "./functions";
import { sqsEvent } from "./sqs-event";

const POLLING_ACTIONS = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];

export interface MappingServices {
  account: Account;
  iam: Iam;
  queues: Queues;
  /** A client of whoever calls with this access key id. */
  sqsClientAs: (caller: string) => SQSClient;
  functions: Functions;
  pollers: Poller[];
  tracing: Tracing;
  onEvent: OnEvent;
}

/** Event source mappings: poll a queue and delete the messages that a function has handled. */
export function eventSourceMappingProvider(services: MappingServices): Provider {
  const { account, iam, queues, sqsClientAs, functions, pollers, tracing, onEvent } = services;
  return defineProvider({
    emulated: type({
      eventSourceArn: string(),
      functionName: string(),
      batchSize: defaulted(number(), 10),
      scalingConfig: defaulted(object({ maximumConcurrency: number() }), {
        maximumConcurrency: 10,
      }),
      functionResponseTypes: defaulted(array(string()), []),
    }),
    withoutEffect: ["metricsConfig"],
    refused: { filterCriteria: "the function would get every message" },
    async create(name, mapping) {
      const { eventSourceArn: queueArn, functionName, batchSize, scalingConfig } = mapping;
      const target = functions.byArn.get(functionName);
      if (!target) throw new Error(`${functionName} is not the ARN of a function`);
      const queueUrl = queues.urlOf(queueArn);
      const poller = pollerOf(target.name);
      requirePermissions(iam, poller, queueArn);
      await checkVisibilityTimeout(sqsClientAs(mapperOf(target.name)), queueUrl, target);
      const reportsFailures = mapping.functionResponseTypes.includes("ReportBatchItemFailures");
      const options = { queueUrl, batchSize, ...scalingConfig };
      const polling = startPolling(sqsClientAs(poller), options, onEvent, async (messages) => {
        const event = sqsEvent(messages, { queueArn, region: account.region });
        const result = await target.invoke(event, causeOf(messages, nameInArn(queueArn)));
        const handled = result.ok
          ? handledMessages(messages, reportsFailures, JSON.parse(result.json))
          : [];
        noteEnd(messages, handled, nameInArn(queueArn), tracing);
        return handled;
      });
      return { id: name, outputs: {}, dispose: addPoller(pollers, polling) };
    },
  });
}

/** A batch is in the traces of all its messages. */
function causeOf(messages: Message[], queue: string): Cause {
  const contexts = messages.flatMap(
    ({ Attributes }) => parseTraceHeader(Attributes?.AWSTraceHeader) ?? [],
  );
  const receives = messages.map(({ Attributes }) => Number(Attributes?.ApproximateReceiveCount));
  return {
    source: `queue:${queue}`,
    ...(contexts.length > 0 && { contexts }),
    receives: Math.max(...receives),
  };
}

function noteEnd(
  messages: Message[],
  handled: Message[],
  queue: string,
  { messages: traced }: Tracing,
): void {
  for (const message of messages) {
    const { MessageId = "" } = message;
    if (handled.includes(message)) traced.handled(MessageId);
    else traced.returned(queue, MessageId);
  }
}

/** Lambda requires these when a queue is mapped, not only when it polls it. */
function requirePermissions(iam: Iam, poller: string, queueArn: string): void {
  for (const action of POLLING_ACTIONS) {
    const denial = checkPermission(iam, poller, { action, resource: queueArn });
    if (denial) throw new Error(`Lambda refuses the queue: ${denial.message}`);
  }
}

/** Lambda refuses a queue that shows a message again while its function may still be running. */
async function checkVisibilityTimeout(
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
