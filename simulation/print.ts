import type { Plan } from "./plan";
import type { Behaviour, Part } from "./program";
import type { SeedResults } from "./results";

const DAY_MS = 86_400_000;

/** What is given before a history begins, for a person. */
export function describePlan(plan: Plan): string[] {
  const { maxAttempts, timeoutSeconds, batchSize, maximumConcurrency, accountConcurrency } = plan;
  return [
    `maxAttempts ${maxAttempts}, timeout ${timeoutSeconds} s, batches of ${batchSize}, ` +
      `${maximumConcurrency} workers, ${accountConcurrency} invocations in the account`,
    `clocks ${plan.clockSkewMs / 1000} s off, ${plan.faultRate * 100} % of calls go wrong ` +
      `until ${time(plan.faultsUntil)} (${[...new Set(plan.faultKinds)].join(", ")})`,
    ...plan.orders.map(
      ({ name, postAt, key, repostAt, parts, changed, step, undo, cancelAt }) =>
        `${name}: posted at ${time(postAt)}${key === undefined ? " without a key" : ""}` +
        (repostAt.length > 0 ? `, again at ${repostAt.map(time).join(", ")}` : "") +
        (parts.length > 0 ? `, ${parts.map(describePart).join(", ")}` : "") +
        (changed ? `, then deployed as ${changed.map(describePart).join(", ")}` : "") +
        `, step ${describeBehaviour(step)}, undo ${describeBehaviour(undo)}` +
        (cancelAt.length > 0 ? `, cancelled at ${cancelAt.map(time).join(", ")}` : ""),
    ),
    ...plan.outages.map(
      ({ service, only, how, from, to }) =>
        `outage: ${only ?? service} ${how} from ${time(from)} to ${time(to)}`,
    ),
    ...(plan.deployAt !== undefined && Number.isFinite(plan.deployAt)
      ? [`deploy: at ${time(plan.deployAt)}`]
      : []),
    ...plan.incidents.map(
      ({ at, what, order = "", everyMs }) =>
        `incident: ${what} ${order} ${everyMs === undefined ? "at" : "once it is FAILED, from"} ${time(at)}`,
    ),
  ];
}

function describePart(part: Part): string {
  if ("wait" in part) return `${part.wait} of ${time(part.milliseconds)}`;
  const { step, behaviour, isLate, isOptional, undo } = part;
  const how = behaviour.kind === "works" || !isLate ? "" : " after its effect";
  return (
    `${step} ${describeBehaviour(behaviour)}${how}${isOptional ? ", optional" : ""}` +
    (undo ? ` (undo ${describeBehaviour(undo)})` : "")
  );
}

function describeBehaviour(behaviour: Behaviour): string {
  if (!("times" in behaviour)) return behaviour.kind;
  return `${behaviour.kind} ${behaviour.times === Infinity ? "always" : `${behaviour.times}×`}`;
}

/** `1 d 02:03:04.005` */
export function time(milliseconds: number): string {
  const days = Math.floor(milliseconds / DAY_MS);
  const clock = new Date(milliseconds % DAY_MS).toISOString().slice(11, 23);
  return days > 0 ? `${days} d ${clock}` : clock;
}

export function line(at: number, who: string, what: string): string {
  return `${time(at)}  ${who.padEnd(28)}  ${what}`;
}

export function figures(results: SeedResults, seconds: number): string {
  const { histories, orders, milliseconds, faults, hints, statuses, broken } = results;
  const ended = Object.entries(statuses)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${status} ${count}`)
    .join(", ");
  return [
    `histories        ${histories}`,
    `orders           ${orders} (${ended})`,
    `faults           ${faults}, besides outages`,
    `hints            ${hints} messages sent by the reconciler`,
    `simulated days   ${Math.round(milliseconds / DAY_MS)}`,
    `histories/second ${Math.round(histories / seconds)} (${seconds.toFixed(0)} s)`,
    `violations       ${broken.length}`,
  ].join("\n");
}
