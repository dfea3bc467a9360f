import { CreateQueueCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { type Account, arn, nameInArn } from "../account";

/** The stack's queues, as the account's administrator creates and finds them. */
export interface Queues {
  client: SQSClient;
  urlOf(queueArn: string): string;
  /** Gives the queue's ARN. Attributes that are undefined keep SQS's default. */
  create(name: string, attributes: Record<string, string | number | undefined>): Promise<string>;
}

/** `endpoint`: the URL of the laptop's AWS endpoint. */
export function makeQueues(account: Account, endpoint: string, client: SQSClient): Queues {
  return {
    client,
    urlOf: (queueArn) => `${endpoint}/${account.accountId}/${nameInArn(queueArn)}`,
    async create(QueueName, attributes) {
      const Attributes = Object.fromEntries(
        Object.entries(attributes).flatMap(([name, value]) =>
          value === undefined ? [] : [[name, String(value)]],
        ),
      );
      await client.send(new CreateQueueCommand({ QueueName, Attributes }));
      return arn(account, "sqs", QueueName);
    },
  };
}
