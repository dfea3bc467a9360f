import { makeLedger } from "../../faults/ledger";
import { type Item, number, orderAttributes, text } from "../../handlers/aws/stored-order";
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

/** A write as the table has performed it: status, life/attempt, and where it may be found. */
interface Write {
  status: OrderStatus;
  fence: string;
  notified?: boolean;
  shelf?: string | undefined;
  leaseUntil?: number;
  checkAt?: number;
}

const received: Write = { status: "RECEIVED", fence: "0/0" };
const claimed: Write = { status: "PROCESSING", fence: "0/1", leaseUntil: 9 };
const completed: Write = { status: "COMPLETED", fence: "0/1" };
const stamped: Write = { ...completed, notified: true, shelf: undefined };
const failed: Write = { status: "FAILED", fence: "0/4" };
const failedAndStamped: Write = { ...failed, notified: true, shelf: "failed-0" };
const claims = [1, 2, 3, 4].map((attempt): Write => ({ ...claimed, fence: `0/${attempt}` }));

function itemOf({ status, fence, notified = false, leaseUntil = 0, checkAt = 5, ...to }: Write) {
  const [redrives, attempt] = fence.split("/").map(Number);
  const order: Partial<Order> = { status, ...(notified && { notifiedAt: "now" }) };
  const shelf = "shelf" in to ? to.shelf : "open-0";
  return {
    ...orderAttributes(anOrder(order)),
    redrives: number(redrives ?? 0),
    attempt: number(attempt ?? 0),
    leaseUntil: number(leaseUntil),
    checkAt: number(checkAt),
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
  const ledger = makeLedger(MAX_ATTEMPTS);
  const notification = (status: EndStatus, redrives: number): Notification => ({
    orderId: ORDER_ID,
    customerId: "c",
    status,
    redrives,
  });
  const ledgerOf = {
    ...ledger,
    put: (Item: Item) => ledger.onCall(called("PutItem", JSON.stringify({ Item })), answered({})),
    update: (write: Write, status = 200) => {
      const body = JSON.stringify({ Key: { orderId: text(ORDER_ID) } });
      return ledger.onCall(
        called("UpdateItem", body),
        answered({ Attributes: itemOf(write) }, status),
      );
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
  ledger.put(itemOf(received));
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

  it("finds none in attempts that are released, a rejection and repeated notifications", () => {
    const rejected: Write = { status: "REJECTED", fence: "0/2" };
    const writes: Write[] = [
      claimed,
      { ...claimed, leaseUntil: 10 },
      { ...claimed, fence: "0/2" },
      rejected,
      { ...rejected, notified: true, shelf: undefined },
    ];
    expect(violationsOf(writes, ["REJECTED", "REJECTED"])).toEqual([]);
  });

  it("finds none in an order that fails, is redriven, and completes in its second life", () => {
    const secondLife: Write[] = [
      { status: "RECEIVED", fence: "1/0" },
      { ...claimed, fence: "1/1" },
      { ...completed, fence: "1/1" },
      { ...stamped, fence: "1/1" },
    ];
    const writes = [...claims, failed, failedAndStamped, ...secondLife];
    expect(violationsOf(writes, ["FAILED", "COMPLETED/1"])).toEqual([]);
  });

  it("names what a write has done", () => {
    const ledger = aLedger();
    expect(ledger.put(itemOf(received))).toBe("accept");
    const writes = [{ ...received, checkAt: 9 }, ...claims, failed, failedAndStamped];
    const effects = writes.map((write) => ledger.update(write));
    expect(effects).toEqual([
      "look again",
      "claim",
      "claim again",
      "claim again",
      "claim to give up",
      "give up",
      "stamp FAILED",
    ]);
    expect(ledger.update({ ...failedAndStamped, fence: "1/0" })).toBe("forbidden");
    expect(ledger.update(claimed, 400)).toBe("refused");
    expect(ledger.publish("FAILED")).toBe("notify FAILED");
  });

  it("says which open orders are due", () => {
    const ledger = aLedger();
    ledger.put(itemOf({ ...received, checkAt: 5 }));
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
      "it went from COMPLETED 0/1 to REJECTED 0/1, which no step does",
    ],
    [
      "is claimed after its end",
      [claimed, completed, { ...claimed, fence: "0/2" }],
      [],
      "it went from COMPLETED 0/1 to PROCESSING 0/2, which no step does",
    ],
    [
      "ends without a claim",
      [{ ...completed, fence: "0/0" }],
      [],
      "it went from RECEIVED 0/0 to COMPLETED 0/0, which no step does",
    ],
    [
      "is completed by another attempt",
      [claimed, { ...completed, fence: "0/2" }],
      [],
      "it went from PROCESSING 0/1 to COMPLETED 0/2, which no step does",
    ],
    [
      "skips an attempt",
      [{ ...claimed, fence: "0/2" }],
      [],
      "it went from RECEIVED 0/0 to PROCESSING 0/2, which no step does",
    ],
    [
      "goes back to an earlier attempt",
      [claimed, { ...claimed, fence: "0/2" }, { ...completed, fence: "0/1" }],
      [],
      "its fence went back from 0/2 to 0/1",
    ],
    [
      "is redriven without a new life",
      [...claims, failed, failedAndStamped, { ...received, fence: "0/4" }],
      ["FAILED"],
      "it went from FAILED 0/4 to RECEIVED 0/4, which no step does",
    ],
    [
      "fails with attempts left",
      [claimed, { ...failed, fence: "0/1" }],
      ["FAILED"],
      "it failed after 1 claims, with attempts left",
    ],
    [
      "is completed with no attempts left",
      [...claims, { ...completed, fence: "0/4" }],
      ["COMPLETED"],
      "it is COMPLETED by claim 4, with no attempts left",
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
      "its notification was forgotten, or its lease changed, while it was COMPLETED",
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
    ledger.put(itemOf(received));
    ledger.put(itemOf(received));
    expect(ledger.found()).toContain("it was created 2 times");
  });

  it("notices two ends in one life", () => {
    const writes: Write[] = [claimed, completed, { ...completed, status: "REJECTED" }];
    const violation = "it has two ends in a life: COMPLETED in life 0, REJECTED in life 0";
    expect(violationsOf(writes, ["COMPLETED", "REJECTED"])).toContain(violation);
  });

  it("notices a notification that never arrives", () => {
    const ledger = aLedger();
    ledger.put(itemOf(received));
    for (const write of [claimed, completed, stamped]) ledger.update(write);
    ledger.publish("COMPLETED");
    expect(ledger.found()).toEqual(["1 notifications were published, 0 arrived"]);
  });

  it("takes its steps from the one list of them", () => {
    const froms = new Set(TRANSITIONS.map(({ from, to }) => `${from} ${to}`));
    const statuses: OrderStatus[] = ["RECEIVED", "PROCESSING", "COMPLETED", "REJECTED", "FAILED"];
    for (const from of statuses) {
      for (const to of statuses.filter((each) => each !== from)) {
        const fences = ["0/1", "0/2", "1/0"];
        const isAllowed = fences.some((fence) => {
          const ledger = aLedger();
          ledger.put(itemOf({ status: from, fence: "0/1" }));
          return ledger.update({ status: to, fence }) !== "forbidden";
        });
        expect([from, to, isAllowed]).toEqual([from, to, froms.has(`${from} ${to}`)]);
      }
    }
  });
});
