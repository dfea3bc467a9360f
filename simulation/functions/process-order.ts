import type { ProcessOrderDeps } from "../../handlers/process-order";
import { LIFE_TIMES } from "../../infra/life-times";
import type { Invocation } from "../invocation";
import { type Services, timeIn } from "../services";
import type { Step } from "../step";
import type { World } from "../world";

export function processOrderDeps(
  world: World,
  { lambda, orders, queue }: Services,
  step: Step,
  invocation: Invocation,
): ProcessOrderDeps {
  const { plan, draws, names, checker, trace } = world;
  const table = orders.of(invocation);
  return {
    ...world.telemetry,
    ...table,
    hideMessage: (receiptHandle, seconds) =>
      lambda.call(invocation, "sqs", "ChangeMessageVisibility", () => {
        trace?.(invocation.key, `hides the message for ${seconds} s`);
        queue.hide(receiptHandle, seconds * 1000);
      }),
    fulfilOrder: (order, work) => step.fulfil(invocation, order, work),
    abandonOrder: (order, kept, work) => step.abandon(invocation, order, kept, work),
    notifyCustomer: (notification) =>
      lambda.call(invocation, "sns", "Publish", () => {
        const { orderId, status } = notification;
        trace?.(invocation.key, `publishes ${names.of(orderId)} ${status}`);
        checker.published(notification);
      }),
    policy: { ...LIFE_TIMES, maxAttempts: plan.maxAttempts, timeoutSeconds: plan.timeoutSeconds },
    now: () => timeIn(world, invocation),
    random: () => draws.of(`jitter ${invocation.key} ${invocation.calls}`),
  };
}
