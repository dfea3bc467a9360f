import { ORDER_ID } from "../../handlers/order";
import { formatAge } from "../ages";
import { showHistories } from "./histories";
import { type FailedOrder, type ListDeps, listFailed, listOpen, type OpenOrder } from "./list";
import { giveNewLives, type NewLifeDeps } from "./new-lives";
import { orders, refusalOf } from "./sentences";

export interface RedriveDeps extends ListDeps, NewLifeDeps {
  /** The FAILED and notified orders that failed in this time (milliseconds since 1970), oldest first. */
  failedOrders(between: { from?: number; to?: number }): AsyncIterable<FailedOrder>;
  /** By `checkAt`, oldest first. */
  openOrders(): AsyncIterable<OpenOrder>;
  /** Undefined where nobody can be asked. */
  ask: ((question: string) => Promise<string>) | undefined;
}

/** As ages in milliseconds. */
export interface FailureTimes {
  newerThan?: number;
  olderThan?: number;
}

export type RedriveCommand =
  | { kind: "failed"; failedBetween: FailureTimes }
  | { kind: "open" }
  | { kind: "history"; orderIds: string[] }
  | { kind: "named"; orderIds: string[]; dryRun: boolean }
  | { kind: "all"; failedBetween: FailureTimes; dryRun: boolean; yes: boolean };

/** Gives false when something that was asked for was not done. */
export async function runRedrive(deps: RedriveDeps, command: RedriveCommand): Promise<boolean> {
  switch (command.kind) {
    case "failed":
      return listFailed(deps, failedOrders(deps, command.failedBetween));
    case "open":
      return listOpen(deps, deps.openOrders());
    case "history":
      return showHistories(deps, command.orderIds);
    case "named":
      return redriveNamed(deps, command);
    case "all":
      return redriveAll(deps, command);
  }
}

function failedOrders(deps: RedriveDeps, { newerThan, olderThan }: FailureTimes) {
  const now = deps.now().getTime();
  return deps.failedOrders({
    ...(newerThan !== undefined && { from: now - newerThan }),
    ...(olderThan !== undefined && { to: now - olderThan }),
  });
}

type Named = Extract<RedriveCommand, { kind: "named" }>;

async function redriveNamed(deps: RedriveDeps, { orderIds, dryRun }: Named): Promise<boolean> {
  const distinct = [...new Set(orderIds)];
  const chosen = distinct.filter((orderId) => ORDER_ID.test(orderId));
  for (const orderId of distinct) {
    if (!ORDER_ID.test(orderId)) deps.say(`${orderId}  is not an order's id`);
  }
  const malformed = distinct.length - chosen.length;
  return dryRun
    ? dryRunOf(deps, chosen, malformed)
    : giveNewLives(deps, chosen, { refused: malformed, onlyIfUndone: false });
}

async function dryRunOf(deps: RedriveDeps, chosen: string[], malformed: number): Promise<boolean> {
  let refused = malformed;
  for (const orderId of chosen) {
    if (deps.isStopped()) return refuse(deps, "");
    const stored = await deps.readOrder(orderId);
    if (stored?.order.status === "FAILED") continue;
    refused += 1;
    deps.say(`${orderId}  ${refusalOf(stored, deps.now())}`);
  }
  const count = malformed + chosen.length - refused;
  deps.say(`Dry run: ${orders(count)} would be redriven, ${refused} refused.`);
  return refused === 0;
}

type All = Extract<RedriveCommand, { kind: "all" }>;

/** What is redriven is what was counted: an order that fails meanwhile is not among them. */
async function redriveAll(
  deps: RedriveDeps,
  { failedBetween, dryRun, yes }: All,
): Promise<boolean> {
  const orderIds: string[] = [];
  let oldest = Infinity;
  let newest = -Infinity;
  for await (const { orderId, failedAt } of failedOrders(deps, failedBetween)) {
    if (deps.isStopped()) return refuse(deps, "");
    orderIds.push(orderId);
    oldest = Math.min(oldest, failedAt);
    newest = Math.max(newest, failedAt);
  }
  const span = orderIds.length === 0 ? "" : spanOf(oldest, newest, deps.now().getTime());
  deps.say(`${orders(orderIds.length)} FAILED and notified${span}.`);
  if (dryRun) deps.say(`Dry run: ${orders(orderIds.length)} would be redriven.`);
  if (dryRun || orderIds.length === 0) return true;
  if (!yes && !(await isConfirmed(deps, orderIds.length))) return false;
  return giveNewLives(deps, orderIds, { refused: 0, onlyIfUndone: true });
}

function spanOf(oldest: number, newest: number, now: number): string {
  const time = (at: number) => `${formatAge(now - at)} ago (${new Date(at).toISOString()})`;
  return `; the oldest failed ${time(oldest)}, the newest ${time(newest)}`;
}

async function isConfirmed(deps: RedriveDeps, count: number): Promise<boolean> {
  if (!deps.ask) {
    return refuse(deps, "There is no terminal to ask: --yes redrives them without a question. ");
  }
  const answer = await deps.ask(`Type ${count} to redrive them: `);
  return answer.trim() === String(count) || refuse(deps, "");
}

function refuse(deps: RedriveDeps, why: string): false {
  deps.say(`${why}None was redriven.`);
  return false;
}
