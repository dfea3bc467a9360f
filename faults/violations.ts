import { isEnd } from "../handlers/order";
import { effectOf, recordedChange } from "./history";
import { fenceOf, isFenceBehind, isOpen, type Moment } from "./moment";
import { workViolations } from "./work-violations";

/** What is known of one order, from outside. */
export interface ObservedOrder {
  /** How often it was put into the table. */
  creations: number;
  /** As each write has left it. */
  moments: Moment[];
  /** Ends whose notifications SNS has taken, whether or not its response got through. */
  published: string[];
  /** Ends whose notifications have reached a customer's queue. */
  delivered: string[];
}

/** The end of one life, as a notification names it. */
export function nameOfEnd({ status, redrives }: Pick<Moment, "status" | "redrives">): string {
  return `${status} in life ${redrives}`;
}

/** What went against the promises, in sentences. */
export function violationsOf(order: ObservedOrder, maxAttempts: number): string[] {
  return [
    ...(order.creations === 1 ? [] : [`it was created ${order.creations} times`]),
    ...pairs(order.moments).flatMap(([before, after]) => changeViolations(before, after)),
    ...order.moments.flatMap(momentViolations),
    ...workViolations(order.moments, maxAttempts),
    ...endViolations(order),
    ...notificationViolations(order),
  ];
}

function changeViolations(before: Moment, after: Moment): string[] {
  if (isFenceBehind(before, after)) {
    return [`its fence went back from ${fenceOf(before)} to ${fenceOf(after)}`];
  }
  const effect = effectOf(before, after);
  if (effect !== undefined) return recordViolations(effect, recordedChange(before, after));
  if (before.status !== after.status || fenceOf(before) !== fenceOf(after)) {
    const [from, to] = [before, after].map((each) => `${each.status} ${fenceOf(each)}`);
    return [`it went from ${from ?? ""} to ${to ?? ""}, which no change does`];
  }
  return [`something of it changed while it was ${after.status}, which no change does`];
}

/** The order's own history is what people see of it: it has to say what happened. */
function recordViolations(effect: string, recorded: string | undefined): string[] {
  const expected = effect === "look again" ? undefined : effect;
  if (recorded === expected) return [];
  return [`its history says ${recorded ?? "nothing"} of ${expected ?? "a look at it"}`];
}

function momentViolations(moment: Moment): string[] {
  const { status, isNotified, shelf } = moment;
  const violations: string[] = [];
  if (isNotified && !isEnd(status)) violations.push(`it is ${status}, and yet notified`);
  if (isNotified && isOpen(moment)) violations.push("it is notified, and yet on an open shelf");
  if (!isNotified && !isOpen(moment)) {
    violations.push(`it is not notified, and yet on ${shelf ?? "no shelf"}`);
  }
  return violations;
}

function endViolations({ moments }: ObservedOrder): string[] {
  const end = moments.at(-1);
  if (!end) return [];
  if (!isEnd(end.status)) return [`it has not ended: it is ${end.status}`];
  return end.isNotified ? [] : [`it is ${end.status}, and not stamped as notified`];
}

function notificationViolations({ moments, published, delivered }: ObservedOrder): string[] {
  const ends = [...new Set(moments.filter(({ status }) => isEnd(status)).map(nameOfEnd))];
  const missed = ends.filter((end) => !published.includes(end));
  const invented = [...new Set(published)].filter((end) => !ends.includes(end));
  const lives = ends.map((end) => end.slice(end.indexOf(" ")));
  const arrived = delivered.toSorted().join() === published.toSorted().join();
  return [
    ...missed.map((end) => `nobody was notified that it is ${end}`),
    ...invented.map((end) => `it was notified as ${end}, which it never was`),
    ...(new Set(lives).size < lives.length
      ? [`it has two ends in a life: ${ends.join(", ")}`]
      : []),
    ...(arrived
      ? []
      : [`${published.length} notifications were published, ${delivered.length} arrived`]),
  ];
}

function pairs<T>(items: T[]): [T, T][] {
  return items.slice(1).map((item, i) => [items[i] ?? item, item]);
}
