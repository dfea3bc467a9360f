import { makeLedger } from "../../faults/ledger";
import {
  document,
  documents,
  type Item,
  number,
  orderAttributes,
  storedEntry,
  storedKept,
  text,
} from "../../handlers/aws/stored-order";
import type { Change, Entry } from "../../handlers/history";
import type { Kept } from "../../handlers/kept";
import { type Ending, FAILURE_REASON } from "../../handlers/life";
import type { Notification } from "../../handlers/notification";
import {
  END_STATUSES,
  type EndStatus,
  type Order,
  type OrderStatus,
  TRANSITIONS,
} from "../../handlers/order";
import type { AwsCall } from "../../laptop/aws-call";
import { anOrder, ORDER_ID } from "../support/orders";

const MAX_ATTEMPTS = 3;
const NOW = 100;

/** A write as the table has performed it: status, life/attempt, and where it may be found. */
interface Write {
  status: OrderStatus;
  fence: string;
  /** What the order's own history says of it. */
  change?: Change;
  notified?: boolean;
  shelf?: string | undefined;
  workUntil?: number;
  leaseUntil?: number;
  checkAt?: number;
  kept?: Kept[];
  ending?: Ending;
  cancelled?: boolean;
  undoFailed?: boolean;
}

const step = (name: string): Kept => ({ kind: "step", name, at: "then" });
const undoStep = (name: string): Kept => ({ kind: "undo", name, at: "then" });
const wait: Kept = { kind: "wait", name: "pickup", at: "then", until: 50 };

const received: Write = { status: "RECEIVED", fence: "0/0" };
const claimed: Write = {
  status: "PROCESSING",
  fence: "0/1",
  change: "claim",
  workUntil: 7,
  leaseUntil: 9,
};
const again: Write = { ...claimed, fence: "0/2" };
const completed: Write = { status: "COMPLETED", fence: "0/1", change: "complete" };
const stamp = (end: Write): Write => ({
  ...end,
  change: "notify",
  notified: true,
  shelf: undefined,
});
const stamped = stamp(completed);
const released: Write = { ...claimed, change: "release", workUntil: 0, leaseUntil: 11 };
const kept: Write = { ...claimed, change: "keep", kept: [step("charge")] };
const waiting: Write = {
  ...claimed,
  change: "wait",
  kept: [step("charge"), wait],
  workUntil: 0,
  leaseUntil: 50,
};

const claims = [1, 2, 3].map((attempt): Write => ({ ...claimed, fence: `0/${attempt}` }));
const failure: Ending = { status: "FAILED", reason: FAILURE_REASON };
const undoing: Write = { ...claimed, fence: "0/4", change: "begin undo", ending: failure };
const failed: Write = { status: "FAILED", fence: "0/4", change: "give up", ending: failure };
const failedAndStamped: Write = { ...stamp(failed), shelf: "failed-0" };

const rejection: Ending = { status: "REJECTED", reason: "no" };
const rejecting: Write = { ...again, change: "begin undo", ending: rejection };
const rejected: Write = { status: "REJECTED", fence: "0/2", change: "reject", ending: rejection };

const asked: Write = { ...waiting, change: "ask to cancel", cancelled: true, leaseUntil: 0 };
const cancelling: Write = {
  ...again,
  change: "begin undo",
  kept: [step("charge"), wait],
  cancelled: true,
  ending: { status: "CANCELLED" },
};
const { workUntil: _work, leaseUntil: _lease, ...cancellingFree } = cancelling;
const cancelled: Write = { ...cancellingFree, status: "CANCELLED", change: "cancel" };
const cancelledAtOnce: Write = {
  status: "CANCELLED",
  fence: "0/0",
  change: "cancel",
  cancelled: true,
};

function itemOf(
  { status, fence, notified = false, workUntil = 0, leaseUntil = 0, checkAt = 5, ...to }: Write,
  history: Entry[],
): Item {
  const [redrives, attempt] = fence.split("/").map(Number);
  const order: Partial<Order> = {
    status,
    ...(notified && { notifiedAt: "now" }),
    ...(to.cancelled && { cancelRequestedAt: "now" }),
  };
  const shelf = "shelf" in to ? to.shelf : "open-0";
  return {
    ...orderAttributes(anOrder(order)),
    redrives: number(redrives ?? 0),
    attempt: number(attempt ?? 0),
    workUntil: number(workUntil),
    leaseUntil: number(leaseUntil),
    checkAt: number(checkAt),
    history: documents(history.map(storedEntry)),
    ...(to.kept && { kept: documents(to.kept.map(storedKept)) }),
    ...(to.ending && { ending: document(to.ending) }),
    ...(to.undoFailed && { undoFailed: { BOOL: true } }),
    ...(shelf !== undefined && { shelf: text(shelf) }),
  };
}

function called(action: string, body: string): AwsCall {
  const of = { caller: "f", sandboxId: "s", resource: "r", invocationId: "i" } as const;
  return { ...of, service: "dynamodb", action, body: Buffer.from(body), fields: {} };
}

function answered(body: object, status = 200) {
  return { status, headers: {}, body: Buffer.from(JSON.stringify(body)) };
}

function aLedger() {
  const ledger = makeLedger(MAX_ATTEMPTS, () => NOW);
  const history: Entry[] = [];
  const notification = (status: EndStatus, redrives: number): Notification => ({
    orderId: ORDER_ID,
    customerId: "c",
    status,
    redrives,
  });
  const ledgerOf = {
    ...ledger,
    put: (write: Write) => {
      const Item = itemOf(write, history);
      return ledger.onCall(called("PutItem", JSON.stringify({ Item })), answered({}));
    },
    update: (write: Write, status = 200) => {
      const body = JSON.stringify({ Key: { orderId: text(ORDER_ID) } });
      if (write.change && status === 200) {
        history.push({ change: write.change, at: history.length, attempt: 0 });
      }
      const Attributes = itemOf(write, history);
      return ledger.onCall(called("UpdateItem", body), answered({ Attributes }, status));
    },
    publish(status: EndStatus, redrives = 0) {
      const form = new URLSearchParams({ Message: JSON.stringify(notification(status, redrives)) });
      return ledger.onCall(called("Publish", form.toString()), answered({}));
    },
    deliver(status: EndStatus, redrives = 0) {
      ledger.onDelivery(notification(status, redrives));
    },
    notify(status: EndStatus, redrives = 0) {
      ledgerOf.publish(status, redrives);
      ledgerOf.deliver(status, redrives);
    },
    found: () => ledger.violations(ORDER_ID),
  };
  return ledgerOf;
}

/** A put, these writes, and a notification of each of these ends. */
function violationsOf(writes: Write[], ends: string[] = []): string[] {
  const ledger = aLedger();
  ledger.put(received);
  for (const write of writes) ledger.update(write);
  for (const end of ends) {
    const [name, redrives = "0"] = end.split("/");
    const status = END_STATUSES.find((each) => each === name);
    if (!status) throw new Error(`${end} is no end`);
    ledger.notify(status, Number(redrives));
  }
  return ledger.found();
}

describe("the ledger", () => {
  it("finds no violation in an order that completes and is notified", () => {
    const lookedAt = { ...received, checkAt: 9 };
    expect(violationsOf([lookedAt, claimed, completed, stamped], ["COMPLETED"])).toEqual([]);
  });

  it("finds none in an attempt that is released, a rejection and repeated notifications", () => {
    const writes = [claimed, { ...rejecting, leaseUntil: 30 }, rejected, stamp(rejected)];
    expect(violationsOf(writes, ["REJECTED", "REJECTED"])).toEqual([]);
    const completedAgain = { ...completed, fence: "0/2" };
    const retried = [claimed, released, again, completedAgain, stamp(completedAgain)];
    expect(violationsOf(retried, ["COMPLETED"])).toEqual([]);
  });

  it("finds none in an order with a step, a wait, and another step after it", () => {
    const all = [step("charge"), wait, step("ship")];
    const last: Write = { ...completed, fence: "0/2", kept: all };
    const afterWait = { ...again, kept: all.slice(0, 2) };
    const shipped: Write = { ...again, change: "keep", kept: all };
    const writes = [claimed, kept, waiting, afterWait, shipped, last, stamp(last)];
    expect(violationsOf(writes, ["COMPLETED"])).toEqual([]);
  });

  it("finds none in cancellations, whether or not something had begun", () => {
    const undone: Write = {
      ...cancelling,
      change: "keep",
      kept: [...(cancelling.kept ?? []), undoStep("undo:charge")],
    };
    const end = { ...cancelled, ...(undone.kept && { kept: undone.kept }) };
    const writes = [claimed, kept, waiting, asked, cancelling, undone, end, stamp(end)];
    expect(violationsOf(writes, ["CANCELLED"])).toEqual([]);
    expect(violationsOf([cancelledAtOnce, stamp(cancelledAtOnce)], ["CANCELLED"])).toEqual([]);
  });

  it("finds none in an undo that is given up after its claims", () => {
    const undos = [4, 5, 6].map((attempt): Write => ({ ...undoing, fence: `0/${attempt}` }));
    const end: Write = { ...failed, fence: "0/6", undoFailed: true };
    const writes = [...claims, ...undos, end, { ...stamp(end), shelf: "failed-0" }];
    expect(violationsOf(writes, ["FAILED"])).toEqual([]);
  });

  it("finds none in an order that fails, is redriven, and completes in its second life", () => {
    const secondLife: Write[] = [
      { status: "RECEIVED", fence: "1/0", change: "redrive" },
      { ...claimed, fence: "1/1" },
      { ...completed, fence: "1/1" },
      { ...stamped, fence: "1/1" },
    ];
    const writes = [...claims, undoing, failed, failedAndStamped, ...secondLife];
    expect(violationsOf(writes, ["FAILED", "COMPLETED/1"])).toEqual([]);
  });

  it("names what a write has done", () => {
    const ledger = aLedger();
    expect(ledger.put(received)).toBe("accept");
    const writes = [{ ...received, checkAt: 9 }, ...claims, undoing];
    const effects = [...writes, failed, failedAndStamped].map((write) => ledger.update(write));
    expect(effects).toEqual([
      "look again",
      "claim",
      "claim again",
      "claim again",
      "claim for the undo",
      "give up",
      "stamp FAILED",
    ]);
    expect(ledger.update({ ...failedAndStamped, fence: "1/0" })).toBe("forbidden");
    expect(ledger.update(claimed, 400)).toBe("refused");
    expect(ledger.publish("FAILED")).toBe("notify FAILED");
  });

  it("names what a write has done to an order that has steps", () => {
    const ledger = aLedger();
    ledger.put(received);
    const undoReleased: Write = { ...cancelling, change: "release", workUntil: 0, leaseUntil: 10 };
    const undoneAgain: Write = { ...cancelling, fence: "0/3" };
    const writes = [claimed, kept, waiting, { ...waiting, checkAt: 6 }, asked, cancelling];
    const effects = [...writes, undoReleased, undoneAgain].map((write) => ledger.update(write));
    expect(effects).toEqual([
      "claim",
      "keep",
      "wait",
      "look again",
      "ask to cancel",
      "claim for the undo, CANCELLED",
      "release in the undo",
      "claim again for the undo",
    ]);
  });

  it("tells a worker that turns to the undo from one that claims for it", () => {
    const ledger = aLedger();
    ledger.put(received);
    ledger.update({ ...claimed, leaseUntil: NOW + 1 });
    expect(ledger.update(rejecting)).toBe("turn to the undo");
    const atWork = aLedger();
    atWork.put(received);
    atWork.update({ ...claimed, workUntil: NOW + 1, cancelled: true });
    expect(atWork.update(completed, 400)).toBe("refused, to be cancelled");
  });

  it("says which open orders are due", () => {
    const ledger = aLedger();
    ledger.put({ ...received, checkAt: 5 });
    expect([ledger.due(4), ledger.due(5)]).toEqual([[], [ORDER_ID]]);
    for (const write of [claimed, completed, stamped]) ledger.update(write);
    expect(ledger.due(5)).toEqual([]);
  });

  it.each<[string, Write[], string[], string]>([
    ["does not end", [claimed], [], "it has not ended: it is PROCESSING"],
    [
      "ends twice",
      [claimed, completed, { ...completed, status: "REJECTED" }],
      ["COMPLETED"],
      "it went from COMPLETED 0/1 to REJECTED 0/1, which no change does",
    ],
    [
      "is claimed after its end",
      [claimed, completed, { ...claimed, fence: "0/2" }],
      [],
      "it went from COMPLETED 0/1 to PROCESSING 0/2, which no change does",
    ],
    [
      "ends without a claim",
      [{ ...completed, fence: "0/0" }],
      [],
      "it went from RECEIVED 0/0 to COMPLETED 0/0, which no change does",
    ],
    [
      "is completed by another attempt",
      [claimed, { ...completed, fence: "0/2" }],
      [],
      "it went from PROCESSING 0/1 to COMPLETED 0/2, which no change does",
    ],
    [
      "skips an attempt",
      [{ ...claimed, fence: "0/2" }],
      [],
      "it went from RECEIVED 0/0 to PROCESSING 0/2, which no change does",
    ],
    [
      "goes back to an earlier attempt",
      [claimed, again, { ...completed, fence: "0/1" }],
      [],
      "its fence went back from 0/2 to 0/1",
    ],
    [
      "is redriven without a new life",
      [...claims, undoing, failed, failedAndStamped, { ...received, fence: "0/4" }],
      ["FAILED"],
      "it went from FAILED 0/4 to RECEIVED 0/4, which no change does",
    ],
    [
      "fails with attempts left",
      [claimed, { ...undoing, fence: "0/2" }],
      [],
      "it failed after 1 claims, with attempts left",
    ],
    [
      "is attempted too often",
      [...claims, { ...claimed, fence: "0/4" }],
      [],
      "it was attempted 4 times, with nothing kept",
    ],
    [
      "is claimed while it is leased",
      [{ ...claimed, leaseUntil: NOW + 1 }, again],
      [],
      "it was claimed before its lease was over",
    ],
    [
      "is attempted after its cancellation was requested",
      [claimed, kept, waiting, asked, { ...again, cancelled: true, kept: [step("charge"), wait] }],
      [],
      "it was attempted after its cancellation was requested",
    ],
    [
      "completes though its cancellation was requested",
      [
        claimed,
        { ...claimed, change: "ask to cancel", cancelled: true, leaseUntil: 7 },
        {
          ...completed,
          cancelled: true,
        },
      ],
      [],
      "it is COMPLETED, whatever was requested",
    ],
    [
      "is rejected though its cancellation was requested",
      [
        claimed,
        rejecting,
        { ...rejecting, cancelled: true, leaseUntil: 7 },
        {
          ...rejected,
          cancelled: true,
        },
      ],
      [],
      "it is REJECTED, whatever was requested",
    ],
    [
      "is to be cancelled though nobody requested it",
      [claimed, { ...rejecting, ending: { status: "CANCELLED" } }],
      [],
      "it was to be CANCELLED, and nobody had requested it",
    ],
    [
      "completes after its undo began",
      [claimed, rejecting, { ...completed, fence: "0/2", ending: rejection }],
      [],
      "it is COMPLETED after its undo began",
    ],
    [
      "ends without an undo",
      [claimed, { status: "REJECTED", fence: "0/1", change: "reject" }],
      [],
      "it is REJECTED without an undo",
    ],
    [
      "ends otherwise than its undo began",
      [claimed, rejecting, { ...failed, fence: "0/2", ending: rejection }],
      [],
      "it is FAILED, and was to be REJECTED",
    ],
    [
      "changes how it is to end",
      [claimed, rejecting, { ...rejecting, fence: "0/3", ending: failure }],
      [],
      "it went from PROCESSING 0/2 to PROCESSING 0/3, which no change does",
    ],
    [
      "gives its undo up too early",
      [...claims, undoing, { ...failed, undoFailed: true }],
      [],
      "its undo was given up after 1 claims",
    ],
    [
      "begins its undo too often",
      [...claims, ...[4, 5, 6, 7].map((attempt) => ({ ...undoing, fence: `0/${attempt}` }))],
      [],
      "its undo was begun 4 times",
    ],
    [
      "keeps a step twice",
      [claimed, kept, { ...kept, kept: [step("charge"), step("charge")] }],
      [],
      '"charge" was kept twice',
    ],
    [
      "forgets a step",
      [claimed, kept, again],
      [],
      "it went from PROCESSING 0/1 to PROCESSING 0/2, which no change does",
    ],
    [
      "changes what it has kept",
      [claimed, kept, { ...kept, kept: [step("ship")] }],
      [],
      "something of it changed while it was PROCESSING, which no change does",
    ],
    [
      "keeps a step after its undo began",
      [claimed, rejecting, { ...rejecting, change: "keep", kept: [step("charge")] }],
      [],
      '"charge" was kept after the undo began',
    ],
    [
      "keeps a step of the undo before it began",
      [claimed, { ...kept, kept: [undoStep("undo:charge")] }],
      [],
      '"undo:charge" was kept before the undo began',
    ],
    [
      "waits after its cancellation was requested",
      [
        claimed,
        kept,
        { ...kept, change: "ask to cancel", cancelled: true, leaseUntil: 7 },
        {
          ...waiting,
          cancelled: true,
        },
      ],
      [],
      "it waits after its cancellation was requested",
    ],
    [
      "is recorded wrongly in its own history",
      [claimed, { ...kept, change: "release" }],
      [],
      "its history says release of keep",
    ],
    [
      "is notified to nobody",
      [claimed, completed, stamped],
      [],
      "nobody was notified that it is COMPLETED in life 0",
    ],
    [
      "is notified of another end",
      [claimed, completed, stamped],
      ["COMPLETED", "FAILED"],
      "it was notified as FAILED in life 0, which it never was",
    ],
    [
      "is notified of another life",
      [claimed, completed, stamped],
      ["COMPLETED", "COMPLETED/1"],
      "it was notified as COMPLETED in life 1, which it never was",
    ],
    [
      "is not stamped",
      [claimed, completed],
      ["COMPLETED"],
      "it is COMPLETED, and not stamped as notified",
    ],
    [
      "is open after its notification",
      [claimed, completed, { ...stamped, shelf: "open-0" }],
      ["COMPLETED"],
      "it is notified, and yet on an open shelf",
    ],
    [
      "leaves its shelf too early",
      [claimed, { ...completed, shelf: undefined }],
      ["COMPLETED"],
      "it is not notified, and yet on no shelf",
    ],
    [
      "forgets its notification",
      [claimed, completed, stamped, completed],
      ["COMPLETED"],
      "something of it changed while it was COMPLETED, which no change does",
    ],
    [
      "is stamped before its end",
      [{ ...received, notified: true }],
      [],
      "it is RECEIVED, and yet notified",
    ],
  ])("notices an order that %s", (_what, writes, ends, violation) => {
    expect(violationsOf(writes, ends)).toContain(violation);
  });

  it("notices an order that is created twice, or never", () => {
    const ledger = aLedger();
    expect(ledger.found()).toContain("it was created 0 times");
    ledger.put(received);
    ledger.put(received);
    expect(ledger.found()).toContain("it was created 2 times");
  });

  it("notices two ends in one life", () => {
    const writes: Write[] = [claimed, completed, { ...completed, status: "REJECTED" }];
    const violation = "it has two ends in a life: COMPLETED in life 0, REJECTED in life 0";
    expect(violationsOf(writes, ["COMPLETED", "REJECTED"])).toContain(violation);
  });

  it("notices a notification that never arrives", () => {
    const ledger = aLedger();
    ledger.put(received);
    for (const write of [claimed, completed, stamped]) ledger.update(write);
    ledger.publish("COMPLETED");
    expect(ledger.found()).toEqual(["1 notifications were published, 0 arrived"]);
  });

  it("takes its changes from the one list of them", () => {
    const froms = new Set(TRANSITIONS.map(({ from, to }) => `${from} ${to}`));
    const statuses: OrderStatus[] = ["RECEIVED", "PROCESSING", ...END_STATUSES];
    for (const from of statuses) {
      for (const status of statuses.filter((each) => each !== from)) {
        const writes: Write[] = [
          { status, fence: "0/1" },
          { status, fence: "0/2", workUntil: 7, leaseUntil: 9 },
          { status, fence: "1/0" },
        ];
        const isAllowed = writes.some((write) => {
          const ledger = aLedger();
          ledger.put({ status: from, fence: "0/1" });
          return ledger.update(write) !== "forbidden";
        });
        expect([from, status, isAllowed]).toEqual([from, status, froms.has(`${from} ${status}`)]);
      }
    }
  });
});
