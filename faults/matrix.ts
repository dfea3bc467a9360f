import { orderIdFor, notificationOf } from "../handlers/order";
import { orderMessage } from "../handlers/order-messages";
import {
  canHappenTo,
  FAULT_KINDS,
  isPoller,
  type CountedCall,
  type FaultKind,
} from "../local/faults";
import { orderIn } from "./ledger";
import { postUntilAccepted, startWatchedStack, until, type WatchedStack } from "./stack";

/** How an order goes where nothing else goes wrong. */
const SCENARIOS = ["completes", "fails"] as const;
type Scenario = (typeof SCENARIOS)[number];

/** One call on an order's way: the n-th that a function makes of an action for this order. */
interface Place {
  scenario: Scenario;
  caller: string;
  action: string;
  n: number;
}

export interface Cell extends Place {
  kind: FaultKind;
  /** How the order ended, with the tries that it took to be accepted; or what went wrong. */
  outcome: string;
  ok: boolean;
}

const PROCESSING = { timeoutSeconds: 1, batchSize: 1, maximumConcurrency: 8, maxReceiveCount: 3 };
const MAX_TRIES = 5;
const AT_ONCE = 40;
const PATIENCE_MILLISECONDS = 180_000;

/**
 * Finds every AWS call that the functions make for an order, then sends an order through each of them
 * once for every kind of fault, and checks the promises on each. `progress` hears of each cell.
 */
export async function runMatrix(progress: (done: number, all: number) => void): Promise<Cell[]> {
  const trips = new Map<string, Trip>();
  const found = new Map<string, Place>();
  const counts = new Map<string, number>();
  const numbers = new Map<string, number>();

  /** The n-th call of its kind for its order: retries keep their number. */
  function placeOf(call: CountedCall, trip: Trip): Place {
    const key = [trip.orderId, call.caller, call.action].join(" ");
    const n = numbers.get(call.invocationId) ?? (counts.get(key) ?? 0) + 1;
    if (!numbers.has(call.invocationId)) counts.set(key, n);
    numbers.set(call.invocationId, n);
    return { scenario: trip.scenario, caller: call.caller, action: call.action, n };
  }

  const stack = await startWatchedStack({
    processing: PROCESSING,
    faults(call) {
      const trip = trips.get(orderIn(call.body) ?? "");
      if (!trip || isPoller(call.caller)) return undefined;
      const place = placeOf(call, trip);
      if (!trip.fault) found.set(JSON.stringify(place), place);
      if (trip.fault && isSame(place, trip.fault)) {
        trip.hit = true;
        return trip.fault.kind;
      }
      // What makes an order fail: its workers never reach the table.
      return trip.scenario === "fails" && call.caller === "process-order" ? "throttled" : undefined;
    },
  });

  async function travel(scenario: Scenario, fault?: Cell): Promise<Trip> {
    const trip = makeTrip(scenario, fault);
    trips.set(trip.orderId, trip);
    await takeTrip(stack, trip);
    return trip;
  }

  try {
    for (const trip of await Promise.all(SCENARIOS.map((scenario) => travel(scenario)))) {
      if (trip.trouble !== undefined) throw new Error(`without a fault: ${trip.trouble}`);
    }
    await stack.settled(PATIENCE_MILLISECONDS);
    const cells = cellsOf([...found.values()]);
    const done: [Cell, Trip][] = [];
    await inParallel(AT_ONCE, cells, async (cell) => {
      done.push([cell, await travel(cell.scenario, cell)]);
      progress(done.length, cells.length);
    });
    await stack.settled(PATIENCE_MILLISECONDS);
    for (const [cell, trip] of done) judge(cell, trip, stack);
    return cells;
  } finally {
    await stack.stop();
  }
}

interface Trip {
  scenario: Scenario;
  customerId: string;
  key: string;
  orderId: string;
  fault: Cell | undefined;
  hit: boolean;
  tries: number;
  trouble: string | undefined;
}

let trips = 0;

function makeTrip(scenario: Scenario, fault: Cell | undefined): Trip {
  trips += 1;
  const customerId = `customer-${trips}`;
  const key = `key-of-${customerId}-0000`;
  const orderId = orderIdFor(customerId, key);
  return { scenario, customerId, key, orderId, fault, hit: false, tries: 0, trouble: undefined };
}

/** Everything that can happen to one order, and what is delivered twice in a life with queues. */
async function takeTrip(stack: WatchedStack, trip: Trip): Promise<void> {
  const { orderId, key, customerId, scenario } = trip;
  const order = { customerId, items: [{ quantity: 2, unitPrice: 0.1 }] };
  try {
    trip.tries = await postUntilAccepted(stack.ordersUrl, key, order, MAX_TRIES);
    await until(`order ${orderId} to be told`, PATIENCE_MILLISECONDS, async () => {
      const stored = await stack.readOrder(orderId);
      return stored?.notifiedAt !== undefined;
    });
    const ended = await stack.readOrder(orderId);
    await postUntilAccepted(stack.ordersUrl, key, order, MAX_TRIES);
    if (scenario === "completes") await stack.send("queueUrl", orderMessage(orderId));
    await stack.send("deadLetterQueueUrl", orderMessage(orderId));
    if (ended) await stack.publish(JSON.stringify(notificationOf(ended)));
    await getUntilFound(`${stack.ordersUrl}/${orderId}`);
  } catch (error) {
    trip.trouble = (error as Error).message;
  }
}

async function getUntilFound(url: string): Promise<void> {
  for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
    const response = await fetch(url);
    await response.arrayBuffer();
    if (response.status === 200) return;
    if (response.status < 500) throw new Error(`an accepted order was answered ${response.status}`);
  }
  throw new Error(`an order could not be read in ${MAX_TRIES} tries`);
}

/** In the failing scenario only what the other one does not have. */
function cellsOf(places: Place[]): Cell[] {
  const isNew = ({ scenario, caller }: Place) =>
    scenario === "completes" || caller === "fail-order" || caller === "record-notification";
  return places
    .filter(isNew)
    .sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))
    .flatMap((place) =>
      FAULT_KINDS.filter((kind) => canHappenTo(place.caller, kind)).map((kind) => ({
        ...place,
        kind,
        outcome: "",
        ok: false,
      })),
    );
}

function judge(cell: Cell, trip: Trip, stack: WatchedStack): void {
  const complaints = stack.ledger.complaints(trip.orderId);
  if (trip.trouble !== undefined) complaints.push(trip.trouble);
  if (!trip.hit) complaints.push("the fault did not happen");
  cell.ok = complaints.length === 0;
  const end = stack.ledger.endOf(trip.orderId) ?? "gone";
  const told = `told ${stack.ledger.publishes(trip.orderId) - 1}×`;
  cell.outcome = cell.ok ? `${end}, accepted at try ${trip.tries}, ${told}` : complaints.join("; ");
}

function isSame(a: Place, b: Place): boolean {
  return a.caller === b.caller && a.action === b.action && a.n === b.n;
}

async function inParallel<T>(width: number, items: T[], work: (item: T) => Promise<void>) {
  const rest = [...items];
  const worker = async () => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
