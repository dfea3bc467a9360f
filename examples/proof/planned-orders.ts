import { orderIdFor } from "../../handlers/idempotency";
import type { OrderLine } from "../../handlers/order";

/** An order, and what its customer is going to do. */
export interface PlannedOrder {
  orderId: string;
  key: string;
  customerId: string;
  items: OrderLine[];
  /** It is cancelled after so many writes of its workers; 0: as soon as it is accepted. */
  cancelAfter: number | undefined;
}

/** Accepted, and as nothing goes wrong: claimed, reserved, charged, waiting, claimed again, shipped. */
const MOMENTS = 7;

/** One in ten is declined, one in ten cannot be shipped, a third is cancelled; these overlap. */
export function plannedOrder(number: number): PlannedOrder {
  const kind = number % 10 === 3 ? "declined" : number % 10 === 6 ? "unreachable" : "customer";
  const customerId = `${kind}-${number}`;
  const key = `key-of-${customerId}-0000`;
  return {
    orderId: orderIdFor(customerId, key),
    key,
    customerId,
    items: [
      { sku: "tea", quantity: 1 + (number % 4), unitPrice: 4.1 },
      { sku: "mug", unitPrice: 12.5 },
    ],
    cancelAfter: number % 3 === 1 ? Math.floor(number / 3) % MOMENTS : undefined,
  };
}
