import type { EventSource } from "./event-source";
import type { Incident } from "./plan";
import type { Schedule } from "./schedule";
import { type Services, timeIn } from "./services";
import { START, type World } from "./world";

const REDRIVE_TIMEOUT_MS = 25_000;

/** Plans what operators do, and accidents with the data. */
export function planIncidents(world: World, services: Services, schedule: Schedule): void {
  const { plan, clock, since, names, checker, trace } = world;
  const { lambda, orders, queue } = services;

  function purge(): void {
    trace?.("operator", "purges the queue");
    queue.purge();
  }

  /** Several orders have one name where a request without an idempotency key was repeated. */
  function redrive(name: string): void {
    for (const orderId of names.idsOf(name)) {
      if (!orders.has(orderId)) continue;
      lambda.invoke(
        "redrive",
        `${name} at ${since()}`,
        REDRIVE_TIMEOUT_MS,
        async (operator) => {
          const { ok } = await orders.of(operator).redriveOrder(orderId, timeIn(world, operator));
          if (ok) await lambda.call(operator, "sqs", "SendMessage", () => queue.send(orderId));
        },
        () => undefined,
      );
    }
  }

  function redriveOnceFailed(name: string, everyMs: number): void {
    if (since() > plan.faultsUntil) return;
    if (names.idsOf(name).some((orderId) => orders.isFailed(orderId))) redrive(name);
    else clock.after(everyMs, () => redriveOnceFailed(name, everyMs));
  }

  /** In place, or as AWS does it: into another table, and whatever was running had the old one. */
  function restore(to: number, isInPlace: boolean): void {
    trace?.("operator", `restores the table to ${Math.round(to / 1000)} s`);
    if (!isInPlace) lambda.killAll();
    const items = orders.restore(START + to);
    checker.restored(items);
    for (const item of items.values()) schedule.awaitDue(item);
  }

  function happen({ what, order = "", everyMs, backMs = 0 }: Incident): void {
    if (what === "purge") purge();
    else if (what === "redrive" && everyMs !== undefined) redriveOnceFailed(order, everyMs);
    else if (what === "redrive") redrive(order);
    else restore(since() - backMs, what === "restore in place");
  }

  for (const incident of plan.incidents) {
    clock.at(START + incident.at, () => happen(incident));
  }
}

/** Outages themselves are faults of calls: here they are traced, and the poller tries again after each. */
export function traceOutages({ plan, clock, trace }: World, { pollSoon }: EventSource): void {
  for (const { service, only, how, from, to } of plan.outages) {
    const what = `${only ?? service} ${how}`;
    clock.at(START + from, () => trace?.("outage", `${what} from now on`));
    clock.at(START + to, () => {
      trace?.("outage", `${what} no more`);
      pollSoon();
    });
  }
}
