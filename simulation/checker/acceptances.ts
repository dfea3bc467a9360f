import type { ObservedOrder } from "./observed-orders";
import type { Watch } from "./watch";

/** Checks what clients were answered with 202: the order is there, and the same for each repetition. */
export function makeAcceptances(
  { violated, isRestored }: Watch,
  orderOf: (orderId: string) => ObservedOrder,
) {
  const orderIds = new Map<string, string>();
  return function accepted(orderId: string, key: string | undefined): void {
    const order = orderOf(orderId);
    if (!order.row && !isRestored()) violated("I1", order, "accepted, and not in the table");
    if (key === undefined) return;
    const known = orderIds.get(key) ?? orderId;
    if (known !== orderId) violated("I8", order, "two orders of one key");
    orderIds.set(key, orderId);
  };
}
