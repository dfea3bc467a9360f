import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Encryption } from "./encryption";
import {
  DEAD_LETTER_RETENTION_SECONDS,
  MAX_RECEIVE_COUNT,
  QUEUE_RETENTION_SECONDS,
  VISIBILITY_FACTOR,
} from "./life-times";
import { denyInsecureAndForeignAccess } from "./policies";

export interface OrderQueueArgs {
  /** Of the function that consumes the queue. */
  functionTimeoutSeconds: number;
  encryption: Encryption;
  protect: boolean;
}

/** The queue of messages about orders, with its dead-letter queue, which nothing consumes. */
export class OrderQueue extends pulumi.ComponentResource {
  readonly queue: aws.sqs.Queue;
  readonly deadLetterQueue: aws.sqs.Queue;

  constructor(name: string, args: OrderQueueArgs) {
    super("order-processing:infra:OrderQueue", name);
    this.deadLetterQueue = this.closedQueue(`${name}-dead-letters`, args, {
      messageRetentionSeconds: DEAD_LETTER_RETENTION_SECONDS,
    });
    this.queue = this.closedQueue(name, args, {
      messageRetentionSeconds: QUEUE_RETENTION_SECONDS,
      visibilityTimeoutSeconds: VISIBILITY_FACTOR * args.functionTimeoutSeconds,
      redrivePolicy: pulumi.jsonStringify({
        deadLetterTargetArn: this.deadLetterQueue.arn,
        maxReceiveCount: MAX_RECEIVE_COUNT,
      }),
      redriveAllowPolicy: JSON.stringify({ redrivePermission: "denyAll" }),
    });
    // No other queue may name this one as its dead-letter queue.
    new aws.sqs.RedriveAllowPolicy(
      name,
      {
        queueUrl: this.deadLetterQueue.url,
        redriveAllowPolicy: pulumi.jsonStringify({
          redrivePermission: "byQueue",
          sourceQueueArns: [this.queue.arn],
        }),
      },
      { parent: this },
    );
    this.registerOutputs();
  }

  private closedQueue(
    name: string,
    { encryption, protect }: OrderQueueArgs,
    args: aws.sqs.QueueArgs,
  ): aws.sqs.Queue {
    const opts = { parent: this, protect, dependsOn: encryption.grants };
    const queue = new aws.sqs.Queue(name, { ...args, ...encryption.queue }, opts);
    new aws.sqs.QueuePolicy(
      name,
      { queueUrl: queue.url, policy: denyInsecureAndForeignAccess(queue.arn, "sqs:*") },
      { parent: this },
    );
    return queue;
  }
}
