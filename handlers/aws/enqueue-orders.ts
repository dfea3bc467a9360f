import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { orderMessage } from "../order-message";

/** Sends each order a message, ten at most; gives the ids of those that could not be sent. */
export async function enqueueOrders(
  sqs: SQSClient,
  QueueUrl: string,
  orderIds: string[],
): Promise<string[]> {
  const Entries = orderIds.map((Id) => ({ Id, MessageBody: orderMessage(Id) }));
  const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  return Failed.map(({ Id = "" }) => Id);
}
