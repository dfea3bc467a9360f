// Keeps the messages of queues in a folder: each is written when it is sent or received, and deleted with it.
import { Level } from "level";

/**
 * Lets all queues of fauxqs keep their messages from now on, and a queue that is created begin with those that were
 * kept: also with the ones that were in flight, as nobody is at them any more. Gives what closes the folder. Rejects
 * where another process has it open.
 */
export async function keepMessages({ SqsQueue, SqsStore }, folder) {
  const db = new Level(folder, { valueEncoding: "json" });
  await db.open();
  const write = inOrder(db);
  const kept = await db.values().all();
  const put = (queue, message) => write(message.messageId, { queue: queue.name, message });

  after(SqsStore, "createQueue", (_store, queue) => {
    const own = kept.filter((each) => each.queue === queue.name).map(({ message }) => message);
    own.sort((one, other) => one.enqueuedAt - other.enqueuedAt);
    const isDelayed = ({ delayUntil = 0 }) => delayUntil > Date.now();
    queue.messages.push(...own.filter((message) => !isDelayed(message)));
    queue.delayedMessages.push(...own.filter(isDelayed));
  });
  after(SqsQueue, "enqueue", (queue, _result, message) => put(queue, message));
  after(SqsQueue, "dequeue", (queue, received) => {
    for (const { ReceiptHandle } of received) {
      put(queue, queue.inflightMessages.get(ReceiptHandle).message);
    }
  });
  const { deleteMessage, purge } = SqsQueue.prototype;
  SqsQueue.prototype.deleteMessage = function (receiptHandle) {
    const inFlight = this.inflightMessages.get(receiptHandle);
    if (inFlight) write(inFlight.message.messageId);
    return deleteMessage.call(this, receiptHandle);
  };
  SqsQueue.prototype.purge = function () {
    const { ready, delayed, inflight } = this.inspectMessages();
    const messages = [...ready, ...delayed, ...inflight.map(({ message }) => message)];
    for (const { messageId } of messages) write(messageId);
    return purge.call(this);
  };
  return async () => {
    await write.written();
    await db.close();
  };
}

function after({ prototype }, method, then) {
  const original = prototype[method];
  prototype[method] = function (...args) {
    const result = original.apply(this, args);
    then(this, result, ...args);
    return result;
  };
}

/** What is written to one key overtakes nothing: one batch at a time. A key without a value is deleted. */
function inOrder(db) {
  let waiting = new Map();
  let writing;
  async function writeAll() {
    while (waiting.size > 0) {
      const batch = [...waiting].map(([key, value]) =>
        value === undefined ? { type: "del", key } : { type: "put", key, value },
      );
      waiting = new Map();
      await db.batch(batch);
    }
    writing = undefined;
  }
  const write = (key, value) => {
    waiting.set(key, value);
    writing ??= writeAll();
  };
  return Object.assign(write, { written: () => writing });
}
