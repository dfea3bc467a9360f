import { type Item, numberIn, storedOrder } from "../handlers/aws/stored-order";
import { type OrderStatus, TRANSITIONS } from "../handlers/order";

/** An order as one write has left it, as far as the promises are about it. */
export interface Moment {
  status: OrderStatus;
  redrives: number;
  attempt: number;
  leaseUntil: number;
  checkAt: number;
  isNotified: boolean;
  /** Where the index has it; undefined when it does not. */
  shelf: string | undefined;
}

type Transition = (typeof TRANSITIONS)[number];

/** What a write did: a step of the life, or bookkeeping that moves nothing on. */
export type Effect = Transition["step"] | "stamp" | "look again";

export function momentOf(item: Item): Moment {
  const { order, redrives, attempt, leaseUntil } = storedOrder(item);
  return {
    status: order.status,
    redrives,
    attempt,
    leaseUntil,
    checkAt: numberIn(item, "checkAt"),
    isNotified: order.notifiedAt !== undefined,
    shelf: item["shelf"]?.S,
  };
}

/** What has led from one moment to the next; undefined when nothing may. */
export function effectOf(before: Moment, after: Moment): Effect | undefined {
  const isSame = before.status === after.status && hasToken(after, before.redrives, before.attempt);
  if (isSame && before.isNotified !== after.isNotified) {
    return after.isNotified ? "stamp" : undefined;
  }
  if (isSame && before.leaseUntil === after.leaseUntil) return "look again";
  const transition = TRANSITIONS.find(
    ({ step, from, to }) =>
      from === before.status && to === after.status && movesToken(step, before, after),
  );
  return transition?.step;
}

/** A claim makes a new attempt, a redrive a new life; nothing else touches the fencing token. */
function movesToken(step: Transition["step"], { redrives, attempt }: Moment, to: Moment): boolean {
  if (step === "redrive") return hasToken(to, redrives + 1, 0);
  return hasToken(to, redrives, step === "claim" ? attempt + 1 : attempt);
}

function hasToken(moment: Moment, redrives: number, attempt: number): boolean {
  return moment.redrives === redrives && moment.attempt === attempt;
}

export function isFenceBehind(before: Moment, after: Moment): boolean {
  return after.redrives === before.redrives
    ? after.attempt < before.attempt
    : after.redrives < before.redrives;
}

/** As people read it: the life and the attempt. */
export function fenceOf({ redrives, attempt }: Moment): string {
  return `${redrives}/${attempt}`;
}
