import { GetItemCommand, DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Order } from "../../handlers/order";
import type { StackEvent } from "../../laptop/events";
import { startLocalStack, type LocalStackOptions } from "../../laptop/stack";
import { eventually } from "./eventually";

type Invocation = Extract<StackEvent, { kind: "invocation" }>;

/** A running laptop stack with a client's and an operator's view of it. */
export async function startLaptop(options: LocalStackOptions = {}) {
  const events: StackEvent[] = [];
  const stack = await startLocalStack({ ...options, onEvent: (event) => void events.push(event) });
  const output = (name: string) => String(stack.outputs[name]);
  const client = {
    endpoint: stack.awsEndpoint,
    region: stack.region,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  const dynamodb = new DynamoDBClient(client);
  const sqs = new SQSClient(client);
  const sns = new SNSClient(client);
  const TableName = output("tableName");

  const ordersUrl = `${output("apiUrl")}orders`;
  const post = (body: object | string | null, headers: Record<string, string> = {}) => {
    const isRaw = body === null || typeof body === "string" || body instanceof Uint8Array;
    return fetch(ordersUrl, { method: "POST", headers, body: isRaw ? body : JSON.stringify(body) });
  };
  const get = async (orderId: string): Promise<Order> =>
    (await (await fetch(`${ordersUrl}/${orderId}`)).json()) as Order;

  return {
    ...stack,
    events,
    output,
    client,
    dynamodb,
    sqs,
    post,
    get,
    invocations: (name: string) =>
      events.filter(
        (event): event is Invocation => event.kind === "invocation" && event.function === name,
      ),
    async accepted(body: object, headers: Record<string, string> = {}): Promise<string> {
      const response = await post(body, headers);
      const order = (await response.json()) as Order;
      if (response.status !== 202) throw new Error(`got ${response.status} for an order`);
      return order.orderId;
    },
    /** Waits for an order that satisfies `test`. */
    until: (orderId: string, what: string, test: (order: Order) => boolean) =>
      eventually(`order ${orderId} to be ${what}`, async () => {
        const order = await get(orderId);
        return test(order) && order;
      }),
    send: (queueOutput: string, MessageBody: string) =>
      sqs.send(new SendMessageCommand({ QueueUrl: output(queueOutput), MessageBody })),
    publish: (Message: string) =>
      sns.send(new PublishCommand({ TopicArn: output("topicArn"), Message })),
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

export type Laptop = Awaited<ReturnType<typeof startLaptop>>;
