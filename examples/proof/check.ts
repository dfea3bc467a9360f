import type { OrderLine } from "../../handlers/order";
import type { Entry } from "../shop-server/ledger";

/** An order that was accepted, and how it ended as its client sees it. */
export interface Accepted {
  orderId: string;
  items: OrderLine[];
  status: string;
  /** Its client has asked for its cancellation, and was answered that it comes. */
  isCancelled: boolean;
}

/** What the shop has done for one order, as counts. */
export interface Account {
  charged: number;
  refunded: number;
  shipped: number;
  recalled: number;
  /** In units of stock. */
  reserved: number;
  released: number;
}

/** What the order's lines cost. */
export function amountOf(items: OrderLine[]): number {
  const cents = items.map(({ quantity = 1, unitPrice = 0 }) =>
    Math.round(quantity * unitPrice * 100),
  );
  return cents.reduce((sum, each) => sum + each, 0) / 100;
}

export function unitsOf(items: OrderLine[]): number {
  return items.reduce((sum, { quantity = 1 }) => sum + quantity, 0);
}

export function accountOf(entries: readonly Entry[]): Account {
  const count = (what: Entry["what"]) => entries.filter((entry) => entry.what === what).length;
  const units = (what: Entry["what"]) =>
    entries.reduce((sum, entry) => sum + (entry.what === what ? entry.units : 0), 0);
  return {
    charged: count("charged"),
    refunded: count("refunded"),
    shipped: count("shipped"),
    recalled: count("recalled"),
    reserved: units("reserved"),
    released: units("released"),
  };
}

/**
 * What is wrong, in sentences, with the shop's own books of `stock` units of which `left` are left, when nothing is
 * under way any more: of each order in its first life, and of all together.
 */
export function violationsOf(
  orders: readonly Accepted[],
  { entries, left }: { entries: readonly Entry[]; left: number },
  stock: number,
): string[] {
  const known = new Set(orders.map(({ orderId }) => orderId));
  const strangers = new Set(
    entries.map(({ orderId }) => orderId).filter((id) => id !== "" && !known.has(id)),
  );
  const sold = orders
    .filter(({ status }) => status === "COMPLETED")
    .reduce((sum, { items }) => sum + unitsOf(items), 0);
  return [
    ...orders.flatMap((order) =>
      orderViolations(order, entriesOf(order, entries)).map(
        (violation) => `order ${order.orderId}, ${order.status}: ${violation}`,
      ),
    ),
    ...[...strangers].map((orderId) => `order ${orderId} is in the books, and was never accepted`),
    ...(left === stock - sold
      ? []
      : [`${stock - left} units of stock are taken, ${sold} are of COMPLETED orders`]),
  ];
}

const ENDS = ["COMPLETED", "REJECTED", "FAILED", "CANCELLED"];

export function entriesOf(
  { orderId }: Pick<Accepted, "orderId">,
  entries: readonly Entry[],
): Entry[] {
  return entries.filter((entry) => entry.orderId === orderId);
}

function orderViolations(
  { items, status, isCancelled }: Accepted,
  entries: readonly Entry[],
): string[] {
  const { charged, refunded, shipped, recalled, reserved, released } = accountOf(entries);
  const isCompleted = status === "COMPLETED";
  const due = isCompleted ? 1 : 0;
  const wrongAmounts = entries.filter(
    ({ what, amount }) => what === "charged" && amount !== amountOf(items),
  );
  const unitsDue = isCompleted ? unitsOf(items) : 0;
  return [
    ...(ENDS.includes(status) ? [] : ["it has not ended"]),
    ...(isCancelled && status !== "CANCELLED" ? ["its cancellation was accepted"] : []),
    ...(charged > 1 ? [`it was charged ${charged} times`] : []),
    ...(shipped > 1 ? [`it was shipped ${shipped} times`] : []),
    ...wrongAmounts.map(({ amount }) => `${amount} was charged, not ${amountOf(items)}`),
    ...differs("charges that stand", charged - refunded, due),
    ...differs("shipments that stand", shipped - recalled, due),
    ...differs("units that stay reserved", reserved - released, unitsDue),
  ];
}

function differs(what: string, found: number, due: number): string[] {
  return found === due ? [] : [`${what}: ${found}, and not ${due}`];
}
