import type { Notification } from "../../handlers/notification";

/** A deployment as its clients see it. */
export interface Client {
  /** Ends in "/". */
  apiUrl: string;
  /** Undefined where the stack asks for none. */
  apiKey: string | undefined;
  /** Of staff; undefined where the stack is open. */
  token: string | undefined;
  /** Sends neither of its own accord. */
  fetch(url: string, init?: RequestInit): Promise<Response>;
  /** All that has arrived at a queue of the suite's own; undefined where it has none. */
  notifications: (() => Promise<ReceivedNotification[]>) | undefined;
}

export interface ReceivedNotification {
  notification: Notification;
  /** The values of the message attributes. */
  attributes: Record<string, string>;
}

export interface AcceptanceCase {
  /** `<group>/<case>`: known differences name it, so it stays. */
  id: string;
  title: string;
  /** Throws an error that says what was expected and what came, or NotRun. */
  run: (client: Client) => Promise<void>;
}

/** Thrown by a case that this deployment gives no occasion for. */
export class NotRun extends Error {}
