import type { CancelOrderDeps } from "../../handlers/cancel-order";
import { LIFE_TIMES } from "../../infra/life-times";
import type { Invocation } from "../invocation";
import { type Services, timeIn } from "../services";
import type { World } from "../world";

export function cancelOrderDeps(
  world: World,
  { lambda, orders, queue }: Services,
  invocation: Invocation,
): CancelOrderDeps {
  const { names, trace } = world;
  const { cancelNewOrder, requestCancellation } = orders.of(invocation);
  return {
    ...world.telemetry,
    access: "open",
    cancelNewOrder,
    requestCancellation,
    enqueueOrder: (orderId) =>
      lambda.call(invocation, "sqs", "SendMessage", () => {
        trace?.(invocation.key, `sends a message about ${names.of(orderId)}`);
        queue.send(orderId);
      }),
    firstCheckSeconds: LIFE_TIMES.firstCheckSeconds,
    isRetryable: () => true,
    now: () => timeIn(world, invocation),
  };
}
