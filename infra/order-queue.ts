import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { encryption } from "./encryption";
import {
  DEAD_LETTER_RETENTION_SECONDS,
  MAX_RECEIVE_COUNT,
  QUEUE_RETENTION_SECONDS,
  VISIBILITY_FACTOR,
} from "./life-times";
import { acceptDeadLetters, closeQueue } from "./policies";

/** The queue of messages about orders, and the one where nothing is consumed. */
export function makeOrderQueue(
  timeoutSeconds: number,
  encrypted: ReturnType<typeof encryption>,
  opts: pulumi.CustomResourceOptions,
) {
  const deadLetterQueue = new aws.sqs.Queue(
    "orders-dead-letters",
    { messageRetentionSeconds: DEAD_LETTER_RETENTION_SECONDS, ...encrypted.queue },
    opts,
  );
  const queue = new aws.sqs.Queue(
    "orders",
    {
      messageRetentionSeconds: QUEUE_RETENTION_SECONDS,
      visibilityTimeoutSeconds: VISIBILITY_FACTOR * timeoutSeconds,
      ...encrypted.queue,
      redrivePolicy: pulumi.jsonStringify({
        deadLetterTargetArn: deadLetterQueue.arn,
        maxReceiveCount: MAX_RECEIVE_COUNT,
      }),
      redriveAllowPolicy: JSON.stringify({ redrivePermission: "denyAll" }),
    },
    opts,
  );
  acceptDeadLetters("orders", { from: queue, into: deadLetterQueue });
  closeQueue("orders", queue);
  closeQueue("orders-dead-letters", deadLetterQueue);
  return { queue, deadLetterQueue };
}
