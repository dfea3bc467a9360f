import type { CreateOrderDeps } from "../../handlers/create-order";
import { LIFE_TIMES } from "../../infra/life-times";
import type { Invocation } from "../invocation";
import type { PlannedOrder } from "../planned-order";
import type { Draws } from "../random";
import { type Services, timeIn } from "../services";
import type { World } from "../world";

export function createOrderDeps(
  world: World,
  { lambda, orders, queue }: Services,
  invocation: Invocation,
  planned: PlannedOrder,
): CreateOrderDeps {
  const { names, checker, draws, trace } = world;
  const table = orders.of(invocation);
  let isSent = false;
  return {
    ...world.telemetry,
    access: "open",
    acceptOrder(order, fingerprint, checkAt) {
      names.name(order.orderId, planned);
      return table.acceptOrder(order, fingerprint, checkAt);
    },
    enqueueOrder: (orderId) =>
      lambda.call(invocation, "sqs", "SendMessage", () => {
        trace?.(invocation.key, `sends a message about ${names.of(orderId)}`);
        checker.sentByCreate(orderId, isSent);
        isSent = true;
        queue.send(orderId);
      }),
    firstCheckSeconds: LIFE_TIMES.firstCheckSeconds,
    isRetryable: () => true,
    now: () => timeIn(world, invocation),
    newOrderId: () => uuidOf(draws, invocation.key),
  };
}

/** The same for the same key: a version 4 UUID by its form. */
function uuidOf(draws: Draws, key: string): string {
  const part = (i: number) =>
    Math.floor(draws.of(`uuid ${i} ${key}`) * 2 ** 32)
      .toString(16)
      .padStart(8, "0");
  const [a, b, c, d] = [part(0), part(1), part(2), part(3)];
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-8${c.slice(1, 4)}-${c.slice(4)}${d}`;
}
