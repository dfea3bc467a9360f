// A worker thread with the embedded emulators: DynamoDB (dynalite), SQS and SNS (fauxqs).
// A module of its own because fauxqs is ESM only, while Pulumi programs are CommonJS.
import { Buffer } from "node:buffer";
import { EventEmitter } from "node:events";
import path from "node:path";
import { setInterval } from "node:timers";
import { parentPort, workerData } from "node:worker_threads";
import dynalite from "dynalite";
import { buildApp } from "fauxqs";
import { keepMessages } from "./kept-messages.mjs";

// What fauxqs does otherwise than SQS. Not exported by it: its version is pinned in package.json.
const { SqsQueue, SqsStore } = await import(
  new URL("sqs/sqsStore.js", import.meta.resolve("fauxqs"))
);

// SQS counts a message's receives for each queue anew. Otherwise a dead letter would arrive with its
// receives used up, and move on at once where the dead-letter queue has one of its own.
const { enqueue } = SqsQueue.prototype;
SqsQueue.prototype.enqueue = function (message) {
  message.approximateReceiveCount = 0;
  message.approximateFirstReceiveTimestamp = undefined;
  message.enqueuedAt = Date.now();
  return enqueue.call(this, message);
};

// A message whose time has come is counted as visible, also when nobody has received since.
const { getAllAttributes } = SqsQueue.prototype;
SqsQueue.prototype.getAllAttributes = function (requested) {
  this.processTimers();
  return getAllAttributes.call(this, requested);
};

// A queue's URL is where its creator found the endpoint, not on a host below .localhost, which not
// every system resolves.
SqsStore.prototype.buildQueueUrl = (name, _port, endpoint) =>
  `http://${endpoint}/${workerData.accountId}/${name}`;

const { data } = workerData;
const closeMessages = data === undefined ? undefined : await openMessages();

async function openMessages() {
  try {
    return await keepMessages({ SqsQueue, SqsStore }, path.join(data, "queues"));
  } catch ({ cause }) {
    const reason =
      cause.code === "LEVEL_LOCKED"
        ? "it is the folder of a laptop stack that runs"
        : `it cannot be opened: ${cause.message}`;
    parentPort.postMessage({ refused: `--data ${data}: ${reason}` });
    process.exit();
  }
}

// A small Buffer is a slice of a slab, all of which lives as long as any of its slices. What the tables keep would
// hold fourteen kilobytes an order in place of two.
Buffer.poolSize = 0;

// Read once, when dynalite starts: its ARNs are of this region and account. This thread's own environment.
process.env.AWS_REGION = workerData.region;
process.env.AWS_ACCOUNT_ID = workerData.accountId;
const dynamodb = dynalite({
  createTableMs: 0,
  deleteTableMs: 0,
  updateTableMs: 0,
  ...(data !== undefined && { path: path.join(data, "tables") }),
});

// Not startFauxqs(): that one listens on every network interface.
const sqsStore = new SqsStore();
const messaging = buildApp({
  logger: false,
  defaultRegion: workerData.region,
  stores: { sqsStore },
});
await messaging.ready();

// Requests come and go as messages: a socket costs several times as much.
const emulators = { dynamodb: requestDynamodb, messaging: requestMessaging };

async function perform({ id, emulator, request }) {
  parentPort.postMessage({ id, answer: await emulators[emulator](request) });
}

async function requestMessaging({ body: payload, ...request }) {
  const response = await messaging.inject({ ...request, payload });
  return { status: response.statusCode, headers: response.headers, body: response.payload };
}

// With what dynalite uses of a request and a response.
function requestDynamodb({ body, ...request }) {
  return new Promise((resolve) => {
    const incoming = Object.assign(new EventEmitter(), request);
    const headers = {};
    const response = {
      setHeader: (name, value) => (headers[name.toLowerCase()] = String(value)),
      end: (text = "") => resolve({ status: response.statusCode ?? 200, headers, body: text }),
    };
    dynamodb.emit("request", incoming, response);
    incoming.emit("data", Buffer.from(body));
    incoming.emit("end");
  });
}

// What CloudWatch would be given of each queue.
setInterval(() => {
  parentPort.postMessage({ queues: sqsStore.listQueues().map(sampleOf) });
}, 1000);

function sampleOf(queue) {
  queue.processTimers();
  const inFlight = [...queue.inflightMessages.values()].map(({ message }) => message);
  // A message that is received again and again goes to the end of the queue, where its age does not count.
  const times = [...queue.messages, ...inFlight]
    .filter(({ approximateReceiveCount }) => approximateReceiveCount <= 3)
    .map(({ enqueuedAt }) => enqueuedAt);
  const now = Date.now();
  const oldest = times.reduce((one, other) => Math.min(one, other), now);
  return {
    name: queue.name,
    visible: queue.messages.length,
    notVisible: inFlight.length,
    delayed: queue.delayedMessages.length,
    ageSeconds: (now - oldest) / 1000,
  };
}

parentPort.on("message", (message) => {
  if (message === "stop") void stop();
  else if ("peek" in message) answerPeek(message);
  else void perform(message);
});

// What a queue has, for somebody who only looks.
function answerPeek({ id, peek }) {
  const queue = sqsStore.listQueues().find(({ name }) => name === peek);
  parentPort.postMessage({ id, answer: queue ? peekAt(queue) : [] });
}

function peekAt(queue) {
  queue.processTimers();
  const inFlight = [...queue.inflightMessages.values()];
  return [
    ...queue.messages.map((message) => peeked("waiting", message)),
    ...inFlight.map(({ message, visibilityDeadline }) =>
      peeked("in flight", message, visibilityDeadline),
    ),
    ...queue.delayedMessages.map((message) => peeked("delayed", message, message.delayUntil)),
  ];
}

function peeked(state, { messageId, body, sentTimestamp, approximateReceiveCount }, visibleAt) {
  const message = { messageId, state, body, sentAt: sentTimestamp };
  return { ...message, receives: approximateReceiveCount, visibleAt };
}

// From here on, a request that an emulator fails at must not take the whole stack down.
process.on("uncaughtException", (error) => {
  parentPort.postMessage({ warning: `an emulator failed at a request: ${String(error)}` });
});
// Ends a thread that keeps data: what it has taken is written.
async function stop() {
  await messaging.close();
  await closeMessages?.();
  // It closes its tables with a server that listens only.
  await new Promise((resolve) => dynamodb.listen(0, "127.0.0.1", resolve));
  await new Promise((resolve) => dynamodb.close(resolve));
  process.exit();
}

parentPort.postMessage({ started: true });
