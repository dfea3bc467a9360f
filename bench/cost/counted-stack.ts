import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { array, create, defaulted, type, unknown } from "superstruct";
import { eventually } from "../../harness/eventually";
import { type Laptop, startLaptop } from "../../harness/laptop";
import type { StackEvent } from "../../laptop/events";
import { isPoller } from "../../laptop/iam/callers";
import type { Registration } from "../../laptop/program/provider";
import { billed, type BilledCall, type MadeCall } from "./calls";
import { addRegistration, makeRegistered, type Registered } from "./registered";
import type { Item } from "./units";

/** A program on the laptop, of which what happens is counted. Its schedules do not run by themselves. */
export interface CountedStack {
  laptop: Laptop;
  registered: Registered;
  made: MadeCall[];
}

/** What has happened in a stack in a while. */
export interface Happened {
  calls: BilledCall[];
  /** Names of functions. */
  invocations: string[];
  apiRequests: number;
  /** Of notifications to subscribers, functions among them. */
  deliveries: number;
  /** As functions have written them. */
  logLines: string[];
}

type EventOf<K extends StackEvent["kind"]> = Extract<StackEvent, { kind: K }>;

const receivedStruct = type({ Messages: defaulted(array(unknown()), []) });
const deletedStruct = type({ Entries: array(unknown()) });

/** `directory`: of a checkout; this one by default. */
export async function startCountedStack(directory?: string): Promise<CountedStack> {
  const registered = makeRegistered();
  const made: MadeCall[] = [];
  const laptop = await startLaptop({
    ...(directory !== undefined && { directory }),
    onCall: (call, response) => void made.push({ call, response }),
    override(registration) {
      addRegistration(registered, registration);
      return withoutSchedule(registration);
    },
    config: { "order-processing:throttle": { rateLimit: 10_000, burstLimit: 5_000 } },
  });
  return { laptop, registered, made };
}

/** Waits until the order is notified and nothing of it is under way any more; gives its item. */
export async function placeOrder({ laptop, made }: CountedStack, body: object): Promise<Item> {
  const orderId = await laptop.accepted(body);
  return eventually(`order ${orderId} to be notified`, async () => {
    const item = await laptop.storedItem(orderId);
    return item?.["notifiedAt"] && isSettled(made, laptop.events) && item;
  });
}

/** Invokes a function as its schedule would. */
export async function runScheduled({ laptop }: CountedStack, functionArn: string): Promise<void> {
  const result = await laptop.functions.byArn.get(functionArn)?.invoke({}, { source: "schedule" });
  if (!result?.ok) throw new Error(result?.error ?? `${functionArn} is not a function`);
}

/** What happens while `act` runs, in which one order at a time is placed. */
export async function during(
  { laptop, registered, made }: CountedStack,
  act: () => Promise<unknown>,
): Promise<Happened> {
  const { events, client } = laptop;
  made.length = 0;
  events.length = 0;
  // What was before may have written its last line in this very millisecond.
  const startedAt = Date.now() + 1;
  await act();
  const invocations = ofKind(events, "invocation");
  const groups = invocations.map(({ logGroup }) => logGroup);
  return {
    calls: billed(made.filter(isOfProgram(registered)), registered.tables),
    invocations: invocations.map((event) => event.function),
    apiRequests: ofKind(events, "request").length,
    deliveries: ofKind(events, "notification").length,
    logLines: await linesOf([...new Set(groups)], startedAt, client),
  };
}

function withoutSchedule(registration: Registration): Registration {
  if (registration.type !== "aws:scheduler/schedule:Schedule") return registration;
  return { ...registration, inputs: { ...registration.inputs, state: "DISABLED" } };
}

/** All who have called AWS have ended, and all messages that were received are deleted. */
function isSettled(made: readonly MadeCall[], events: readonly StackEvent[]): boolean {
  const ended = new Set(ofKind(events, "invocation").map((event) => event.function));
  const counts = made.map((each) => messagesIn(each));
  return (
    made.every(({ call }) => call.sandboxId === undefined || ended.has(call.caller)) &&
    counts.reduce((total, count) => total + count, 0) === 0
  );
}

/** Those that a call has received; minus those that it has deleted. */
function messagesIn({ call: { action, fields }, response }: MadeCall): number {
  if (action === "DeleteMessageBatch") return -create(fields, deletedStruct).Entries.length;
  if (action !== "ReceiveMessage") return 0;
  return create(JSON.parse(response.body.toString()), receivedStruct).Messages.length;
}

/**
 * Calls of functions, and those of pollers that receive or delete a message; the laptop's own queues, behind
 * subscriptions, are not the program's.
 */
function isOfProgram({ queues }: Registered): (made: MadeCall) => boolean {
  return (made) => {
    const { caller, sandboxId, resource } = made.call;
    if (sandboxId !== undefined) return true;
    return isPoller(caller) && queues.has(resource) && messagesIn(made) !== 0;
  };
}

async function linesOf(
  logGroupNames: string[],
  startTime: number,
  config: Laptop["client"],
): Promise<string[]> {
  const client = new CloudWatchLogsClient(config);
  const found = await Promise.all(
    logGroupNames.map((logGroupName) =>
      client.send(new FilterLogEventsCommand({ logGroupName, startTime })),
    ),
  );
  client.destroy();
  return found.flatMap(({ events = [] }) => events.map(({ message = "" }) => message));
}

export function ofKind<K extends StackEvent["kind"]>(
  events: readonly StackEvent[],
  kind: K,
): EventOf<K>[] {
  return events.filter((event): event is EventOf<K> => event.kind === kind);
}
