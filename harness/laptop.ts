import { DynamoDBClient, GetItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { StackEvent } from "../laptop/events";
import { type StackOptions, startStack } from "../laptop/stack";
import { makeClient, type Send } from "./client";
import { subscribeQueue } from "./subscriber";
import { type Bearer, makeTokens } from "./tokens";

type Invocation = Extract<StackEvent, { kind: "invocation" }>;

export interface LaptopOptions extends Omit<StackOptions, "onEvent"> {
  /** Whose token each request of the client carries, where the stack is closed: a new one each time. */
  bearer?: Bearer;
  /** What the client sends its requests by, such as one that checks the responses. */
  send?: Send;
}

/** A running laptop stack as its clients and its operator see it. */
export async function startLaptop({ bearer, send: given = fetch, ...options }: LaptopOptions = {}) {
  const events: StackEvent[] = [];
  const stack = await startStack({ ...options, onEvent: (event) => void events.push(event) });
  const output = (name: string) => String(stack.outputs[name]);
  // Not a function's access key: the account's administrator, whose calls meet with no faults.
  const client = {
    endpoint: stack.awsEndpoint,
    region: stack.region,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  const dynamodb = new DynamoDBClient(client);
  const sqs = new SQSClient(client);
  const sns = new SNSClient(client);
  const TableName = output("tableName");
  const send = bearer ? sendAs(bearer, stack.outputs, given) : given;

  return {
    ...stack,
    ...makeClient(`${output("apiUrl")}orders`, send),
    fetch: send,
    events,
    output,
    client,
    dynamodb,
    sqs,
    invocations: (name?: string) =>
      events.filter(
        (event): event is Invocation =>
          event.kind === "invocation" && (name === undefined || event.function === name),
      ),
    send: (queueOutput: string, MessageBody: string) =>
      sqs.send(new SendMessageCommand({ QueueUrl: output(queueOutput), MessageBody })),
    publish: (Message: string) =>
      sns.send(new PublishCommand({ TopicArn: output("topicArn"), Message })),
    /** A customer's queue that gets every notification. Gives what reads all that has arrived since. */
    subscribe: (queueName: string) => subscribeQueue(sqs, sns, output("topicArn"), queueName),
    /** Takes what lies on a queue that nothing consumes. */
    async receive(queueOutput: string): Promise<string[]> {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: output(queueOutput), MaxNumberOfMessages: 10 }),
      );
      return Messages.map(({ Body = "" }) => Body);
    },
    async storedItem(orderId: string) {
      const Key = { orderId: { S: orderId } };
      return (await dynamodb.send(new GetItemCommand({ TableName, Key }))).Item;
    },
    async countOrders(): Promise<number> {
      const { Count = 0 } = await dynamodb.send(new ScanCommand({ TableName, Select: "COUNT" }));
      return Count;
    },
    async stop() {
      for (const each of [dynamodb, sqs, sns]) each.destroy();
      await stack.stop();
    },
  };
}

function sendAs(bearer: Bearer, { apiUrl, auth }: Record<string, unknown>, send: Send): Send {
  const tokenOf = makeTokens(String(apiUrl), auth);
  return async (url, init) => {
    const headers = new Headers(init?.headers);
    headers.set("Authorization", `Bearer ${await tokenOf(bearer)}`);
    return send(url, { ...init, headers });
  };
}

export type Laptop = Awaited<ReturnType<typeof startLaptop>>;
