import type { ReconcileOrdersDeps } from "../../handlers/reconcile-orders";
import { LIFE_TIMES } from "../../infra/life-times";
import type { Invocation } from "../invocation";
import { type Services, timeIn } from "../services";
import type { World } from "../world";

export function reconcileOrdersDeps(
  world: World,
  { lambda, orders, queue }: Services,
  invocation: Invocation,
): ReconcileOrdersDeps {
  const { plan, names, checker, trace } = world;
  const table = orders.of(invocation);
  const run = checker.reconcilerRun();
  return {
    ...world.telemetry,
    dueOrders: table.dueOrders,
    async postponeCheck(due, checkAt) {
      return (await table.postponeCheck(due, checkAt)).ok;
    },
    enqueueOrders: (orderIds) =>
      lambda.call(invocation, "sqs", "SendMessageBatch", () => {
        for (const orderId of orderIds) {
          trace?.(invocation.key, `sends a message about ${names.of(orderId)}`);
          run.sent(orderId);
          queue.send(orderId);
        }
        return [];
      }),
    waitingMessages: () =>
      lambda.call(invocation, "sqs", "GetQueueAttributes", () => {
        const waiting = queue.visible();
        run.saw(waiting);
        return waiting;
      }),
    maximumConcurrency: plan.maximumConcurrency,
    nextCheckSeconds: LIFE_TIMES.nextCheckSeconds,
    now: () => timeIn(world, invocation),
  };
}
