import { isEnd } from "../handlers/order";
import { effectOf, fenceOf, isFenceBehind, type Moment } from "./history";

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
    ...pairs(order.moments).flatMap(([before, after]) => stepViolations(before, after)),
    ...order.moments.flatMap((moment) => momentViolations(moment, maxAttempts)),
    ...endViolations(order),
    ...notificationViolations(order),
  ];
}

function stepViolations(before: Moment, after: Moment): string[] {
  if (isFenceBehind(before, after)) {
    return [`its fence went back from ${fenceOf(before)} to ${fenceOf(after)}`];
  }
  if (effectOf(before, after) !== undefined) return [];
  if (before.status !== after.status || fenceOf(before) !== fenceOf(after)) {
    const [from, to] = [before, after].map((each) => `${each.status} ${fenceOf(each)}`);
    return [`it went from ${from ?? ""} to ${to ?? ""}, which no step does`];
  }
  return [`its notification was forgotten, or its lease changed, while it was ${after.status}`];
}

/** `maxAttempts` claims are for the step; those after them only for giving up. */
function momentViolations(moment: Moment, maxAttempts: number): string[] {
  const { status, attempt, isNotified, shelf } = moment;
  const violations: string[] = [];
  if (isNotified && !isEnd(status)) violations.push(`it is ${status}, and yet notified`);
  if (isNotified && isOpen(moment)) violations.push("it is notified, and yet on an open shelf");
  if (!isNotified && !isOpen(moment)) {
    violations.push(`it is not notified, and yet on ${shelf ?? "no shelf"}`);
  }
  if (status === "FAILED" && attempt <= maxAttempts) {
    violations.push(`it failed after ${attempt} claims, with attempts left`);
  }
  if ((status === "COMPLETED" || status === "REJECTED") && attempt > maxAttempts) {
    violations.push(`it is ${status} by claim ${attempt}, with no attempts left`);
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

/** Whether the reconciler will find it. */
export function isOpen({ shelf }: Moment): boolean {
  return shelf?.startsWith("open-") === true;
}

function pairs<T>(items: T[]): [T, T][] {
  return items.slice(1).map((item, i) => [items[i] ?? item, item]);
}
