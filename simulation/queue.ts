import type { Clock } from "./clock";

export interface Message {
  /** Names what the message is about, and tells messages apart: `order-3/2`. */
  id: string;
  body: string;
  sentAt: number;
  receives: number;
  /** When it can be received next. */
  visibleAt: number;
  /** Of its latest receive: an older one changes nothing any more. */
  receiptHandle: string;
}

export interface QueueOptions {
  visibilityMs: number;
  retentionMs: number;
  maxReceiveCount: number;
  /** SQS promises no order: by how many milliseconds a message may be passed over, drawn for each receive. */
  reorder(id: string, receives: number): number;
}

/** Among how many of those that wait longest a receive chooses: so far messages are out of order. */
const WINDOW = 32;

/** An SQS queue, with the one in which it parks what was received too often. */
export interface Queue {
  send(id: string, body: string, delayMs: number): void;
  receive(max: number): Message[];
  hide(receiptHandle: string, milliseconds: number): void;
  acknowledge(receiptHandle: string): void;
  purge(): void;
  visible(): number;
  deadLetters: Message[];
  /** Called when a message may have become visible. */
  onVisible(run: () => void): void;
}

export function makeQueue(clock: Clock, options: QueueOptions): Queue {
  const messages = new Map<string, Message>();
  const visible = new Set<Message>();
  const deadLetters: Message[] = [];
  let notice: () => void = () => undefined;
  let receipts = 0;

  function showAt(message: Message, time: number): void {
    visible.delete(message);
    message.visibleAt = time;
    clock.at(time, () => {
      if (messages.get(message.id) !== message || message.visibleAt !== time) return;
      visible.add(message);
      notice();
    });
  }

  function remove(message: Message): void {
    messages.delete(message.id);
    visible.delete(message);
  }

  function withReceipt(receiptHandle: string): Message | undefined {
    const message = messages.get(receiptHandle.slice(0, receiptHandle.lastIndexOf("@")));
    return message?.receiptHandle === receiptHandle ? message : undefined;
  }

  /** Drops what is too old, parks what was received too often. */
  function isReceivable(message: Message): boolean {
    const isTooOld = clock.now() - message.sentAt > options.retentionMs;
    const isParked = message.receives >= options.maxReceiveCount;
    if (isTooOld || isParked) remove(message);
    if (isParked && !isTooOld) deadLetters.push(message);
    return !isTooOld && !isParked;
  }

  return {
    deadLetters,
    send(id, body, delayMs) {
      const now = clock.now();
      const message = { id, body, sentAt: now, receives: 0, visibleAt: 0, receiptHandle: "" };
      messages.set(id, message);
      showAt(message, now + delayMs);
    },
    receive(max) {
      const place = ({ id, receives, visibleAt }: Message) =>
        visibleAt + options.reorder(id, receives);
      if (visible.size === 0) return [];
      const window: Message[] = [];
      for (const message of visible) {
        if (isReceivable(message)) window.push(message);
        if (window.length >= WINDOW) break;
      }
      const found = window
        .map((message) => ({ message, place: place(message) }))
        .sort((a, b) => a.place - b.place)
        .slice(0, max);
      return found.map(({ message }) => {
        message.receives += 1;
        receipts += 1;
        message.receiptHandle = `${message.id}@${receipts}`;
        showAt(message, clock.now() + options.visibilityMs);
        return { ...message };
      });
    },
    hide(receiptHandle, milliseconds) {
      const message = withReceipt(receiptHandle);
      if (message) showAt(message, clock.now() + milliseconds);
    },
    acknowledge(receiptHandle) {
      const message = withReceipt(receiptHandle);
      if (message) remove(message);
    },
    purge() {
      messages.clear();
      visible.clear();
    },
    visible: () => visible.size,
    onVisible(run) {
      notice = run;
    },
  };
}
