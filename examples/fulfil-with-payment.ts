import type { Order } from "../handlers/order";
import type { Fulfilment, KeptStep, UndoWork, Work } from "../handlers/work";

// A business step that reserves stock, charges the customer, waits for the pickup and ships. To use it, copy it
// over handlers/fulfil-order.ts, and add a line to the environment of "process-order" in index.ts:
//
//     SHOP_URL: "https://shop.example.com",

/** What the shop has done, by its own id; or why it never will. */
type Answer = { id: string } | { refused: string };

const PICKUP = { minutes: 15 };
/** All requests between two waits fit into `processing.timeoutSeconds`, at which the process is killed. */
const REQUEST_MILLISECONDS = 5000;

export async function fulfilOrder(order: Order, work: Work): Promise<Fulfilment> {
  const { orderId, customerId, items } = order;
  const totals = totalsOf(order);
  const ask = (step: string, resource: string, body: object) =>
    work.step(step, (key) => create(resource, key, { orderId, ...body }));

  const reservation = await ask("reserve", "reservations", { items });
  if ("refused" in reservation) return { rejected: reservation.refused };
  const charge = await ask("charge", "charges", { customerId, amount: totals.amount });
  if ("refused" in charge) return { rejected: charge.refused };
  await work.wait("pickup", PICKUP);
  const shipment = await ask("ship", "shipments", { customerId, reservation: reservation.id });
  if ("refused" in shipment) return { rejected: shipment.refused };
  return { totals };
}

/**
 * Undoes all three, newest first, also what is not among `kept`: a process may have died between an effect and
 * its keeping, and its request may still be on the way. A cancelled key gives back what was done under it,
 * and refuses what comes later.
 */
export async function abandonOrder(_: Order, _kept: KeptStep[], work: UndoWork): Promise<void> {
  const undo = (step: string, resource: string) =>
    work.step(`undo:${step}`, () => cancel(resource, work.idempotencyKey(step)));

  await undo("ship", "shipments");
  await undo("charge", "charges");
  await undo("reserve", "reservations");
}

/** Throws for what passes: the attempt is repeated later, under the same key. */
async function create(resource: string, key: string, body: object): Promise<Answer> {
  const response = await request("POST", resource, key, JSON.stringify(body));
  if (response.status === 402) return { refused: "The card was declined." };
  if (response.status === 409) return { refused: "Out of stock." };
  if (!response.ok) throw new Error(`POST /${resource} was answered ${response.status}`);
  const { id } = (await response.json()) as { id: string };
  return { id };
}

async function cancel(resource: string, key: string): Promise<void> {
  const response = await request("DELETE", resource, key);
  if (!response.ok) throw new Error(`DELETE /${resource} was answered ${response.status}`);
}

function request(method: string, resource: string, key: string, body?: string): Promise<Response> {
  const shop = process.env["SHOP_URL"];
  if (!shop) throw new Error("the environment variable SHOP_URL of process-order is not set");
  const headers = { "Idempotency-Key": key, "Content-Type": "application/json" };
  const signal = AbortSignal.timeout(REQUEST_MILLISECONDS);
  return fetch(`${shop}/${resource}`, { method, headers, signal, ...(body && { body }) });
}

/** In hundredths, so that 3 × 0.1 is 0.3. */
function totalsOf({ items }: Order): { units: number; amount: number } {
  const units = items.reduce((sum, { quantity = 1 }) => sum + quantity, 0);
  const cents = items.map(
    ({ quantity = 1, unitPrice = 0 }) => quantity * Math.round(unitPrice * 100),
  );
  return { units, amount: cents.reduce((sum, each) => sum + each, 0) / 100 };
}
