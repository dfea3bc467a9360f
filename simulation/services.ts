import type { Invocation } from "./invocation";
import type { Lambda } from "./lambda";
import type { OrdersQueue } from "./orders-queue";
import type { SimulatedOrders } from "./orders-table";
import type { World } from "./world";

/** What a function is run on. */
export interface Services {
  lambda: Lambda;
  orders: SimulatedOrders;
  queue: OrdersQueue;
}

/** The time by an invocation's own clock. */
export function timeIn({ clock }: World, { skew }: Invocation): Date {
  return new Date(clock.now() + skew);
}
