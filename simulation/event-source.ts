import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { makeProcessOrder } from "../handlers/process-order";
import { processOrderDeps } from "./functions/process-order";
import type { Message } from "./queue";
import type { Services } from "./services";
import type { Step } from "./step";
import type { World } from "./world";

export interface EventSource {
  /** Polls, unless it will anyway: for what makes messages receivable without the queue's notice. */
  pollSoon: () => void;
}

const POLL_MS = 5;

/** The event source mapping: delivers batches to process-order, and acknowledges what it has handled. */
export function startEventSource(world: World, services: Services, step: Step): EventSource {
  const { plan, clock, since, faults, trace } = world;
  const { lambda, queue } = services;
  let inFlight = 0;
  let isPolling = false;

  function pollSoon(): void {
    if (isPolling) return;
    isPolling = true;
    clock.after(POLL_MS, () => {
      isPolling = false;
      poll();
    });
  }

  function poll(): void {
    while (inFlight < plan.maximumConcurrency) {
      if (faults.outage("sqs", since())) return;
      const batch = queue.receive(plan.batchSize);
      if (batch.length === 0) return;
      deliver(batch);
    }
  }

  function deliver(batch: Message[]): void {
    inFlight += 1;
    const about = batch.map(({ id, receives }) => `${id} ${receives}`).join(", ");
    trace?.("SQS", `delivers ${about}`);
    lambda.invoke(
      "process-order",
      about,
      plan.timeoutSeconds * 1000,
      (invocation) =>
        makeProcessOrder(processOrderDeps(world, services, step, invocation))(sqsEventOf(batch)),
      (response) => {
        inFlight -= 1;
        if (response) acknowledge(about, batch, response);
        pollSoon();
      },
    );
  }

  function acknowledge(about: string, batch: Message[], response: SQSBatchResponse): void {
    if (faults.outage("sqs", since())) return;
    if (faults.other(about, "acknowledgement lost", since())) return;
    const failures = response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    for (const { id, receiptHandle } of batch) {
      if (!failures.includes(id)) queue.acknowledge(receiptHandle);
    }
  }

  queue.onVisible(pollSoon);
  return { pollSoon };
}

function sqsEventOf(batch: Message[]): SQSEvent {
  return {
    Records: batch.map(({ id, body, receiptHandle, receives, sentAt }) => ({
      messageId: id,
      receiptHandle,
      body,
      attributes: {
        ApproximateReceiveCount: String(receives),
        SentTimestamp: String(sentAt),
        SenderId: "",
        ApproximateFirstReceiveTimestamp: "",
      },
      messageAttributes: {},
      md5OfBody: "",
      eventSource: "aws:sqs",
      eventSourceARN: "",
      awsRegion: "",
    })),
  };
}
