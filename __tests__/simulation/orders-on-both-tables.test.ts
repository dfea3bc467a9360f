import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { makeOrdersTable } from "../../handlers/aws/orders-table";
import { SHELVES } from "../../handlers/aws/stored-order";
import type { End, StoredOrder, Written } from "../../handlers/life";
import type { EndStatus } from "../../handlers/order";
import type { DueOrder } from "../../handlers/reconcile-orders";
import { anOrder, NOW } from "../support/orders";
import { makeMemoryTable, onTheLaptop, type Tables } from "../support/orders-tables";

const IDS = ["0b7c2f6e-4a8e-4f1d-9a51-2f0d6a1c9e77", "fb7c2f6e-4a8e-4f1d-9a51-2f0d6a1c9e77"];
const STEPS = [
  "accept",
  "claimNew",
  "claim",
  "keep",
  "pause",
  "release",
  "beginUndo",
  "end",
  "cancelNew",
  "requestCancellation",
  "stampNotified",
  "postponeCheck",
  "redrive",
] as const;

type Step = (typeof STEPS)[number];

interface Call {
  /** "next": the one that a worker would take on the order as it was seen last. */
  step: Step | "next";
  orderId: string;
  /** Which of the states seen of the order it is about: 0 is the latest. */
  age: number;
  now: Date;
  leaseUntil: number;
  checkAt: number | undefined;
  end: EndStatus;
  /** Of the end: without its undo. */
  isUndoFailed: boolean;
  /** What is kept, or how long a wait is. */
  name: string;
  /** Of the beginning of an undo: by the worker that has the claim. */
  isMine: boolean;
  /** The first answer is lost, and the SDK sends the call again. */
  isRepeated: boolean;
}

/** Few, so that times are often equal. */
const time = fc.integer({ min: 0, max: 5 }).map((n) => NOW.getTime() + n * 10_000);
const step = fc.oneof(fc.constant("next" as const), fc.constantFrom(...STEPS));
const call: fc.Arbitrary<Call> = fc.record({
  step,
  orderId: fc.constantFrom(...IDS),
  age: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(3)),
  now: time.map((at) => new Date(at)),
  leaseUntil: time,
  checkAt: fc.option(time, { nil: undefined }),
  end: fc.oneof(
    fc.constant("FAILED" as const),
    fc.constantFrom("COMPLETED" as const, "REJECTED" as const, "CANCELLED" as const),
  ),
  isUndoFailed: fc.boolean(),
  name: fc.constantFrom("a", "b", "c"),
  isMine: fc.boolean(),
  isRepeated: fc.nat(5).map((n) => n === 0),
});
const history = fc.array(call, { minLength: 6, maxLength: 18 });

type Client = Pick<DynamoDBClient, "send">;

const TableName = "orders";

/** Orders on one of the tables: what they see and do depends on nothing else. */
function makeOrders(client: Client) {
  let writes = 0;
  let isRepeated = false;
  const send = async (command: GetItemCommand) => {
    if (isRepeated) await client.send(command).catch(() => undefined);
    return client.send(command);
  };
  const newId = () => `write-${(writes += 1)}`;
  const table = makeOrdersTable({ send }, TableName, newId);
  const states = new Map(IDS.map((orderId) => [orderId, [] as StoredOrder[]]));

  async function perform(call: Call, step: Step): Promise<Written> {
    const { orderId, now, leaseUntil, checkAt, name, isMine, isUndoFailed } = call;
    const pause = { leaseUntil, ...(checkAt !== undefined && { checkAt }) };
    const lease = { ...pause, workUntil: leaseUntil - 10_000 };
    const at = now.toISOString();
    const order = anOrder({ orderId });
    const seen = states.get(orderId)?.at(-1 - call.age) ?? unseen(orderId);
    isRepeated = call.isRepeated;
    switch (step) {
      case "accept":
        return table.acceptOrder(order, "fingerprint", checkAt ?? now.getTime());
      case "claimNew":
        return table.claimNewOrder(orderId, lease, now);
      case "claim":
        return table.claimOrder(seen, lease, now);
      case "keep": {
        const kind = seen.ending ? "undo" : "step";
        return table.keep(seen, { kind, name, at, result: { n: 0.1 } }, now);
      }
      case "pause": {
        const overdueSince = checkAt === undefined ? {} : { overdueSince: checkAt + 10_000 };
        const wait = { kind: "wait", name, at, until: leaseUntil } as const;
        return table.pauseOrder(seen, wait, { ...pause, ...overdueSince }, now);
      }
      case "release":
        return table.releaseOrder(seen, pause, { step: name, why: "Error" }, now);
      case "beginUndo":
        return table.beginUndo(seen, { status: "REJECTED", reason: "why" }, lease, isMine, now);
      case "end":
        return table.endOrder(seen, endOf(call.end, isUndoFailed), checkAt, now);
      case "cancelNew":
        return table.cancelNewOrder(orderId, now);
      case "requestCancellation":
        return table.requestCancellation(seen, leaseUntil, now);
      case "stampNotified":
        return table.recordNotified(seen, now);
      case "postponeCheck":
        return table.postponeCheck(dueOf(seen), leaseUntil);
      case "redrive":
        return table.redriveOrder(orderId, now);
    }
  }

  return {
    async perform(call: Call) {
      const known = states.get(call.orderId) ?? [];
      const step = call.step === "next" ? nextStep(known.at(-1)) : call.step;
      const written = await perform(call, step);
      if (written.stored) known.push(written.stored);
      return { step, ...written };
    },
    /** Everything in the table: items, the index, what is due. */
    async contents() {
      const items = await Promise.all(
        IDS.map((orderId) =>
          client.send(new GetItemCommand({ TableName, Key: { orderId: { S: orderId } } })),
        ),
      );
      const shelves = await Promise.all(
        ["open-0", "open-f", "failed-0", "failed-f"].map((shelf) =>
          client.send(
            new QueryCommand({
              TableName,
              IndexName: SHELVES.index,
              KeyConditionExpression: "shelf = :shelf",
              ExpressionAttributeValues: { ":shelf": { S: shelf } },
            }),
          ),
        ),
      );
      return [items.map(({ Item }) => Item), shelves.map(({ Items }) => Items)];
    },
  };
}

function nextStep(stored: StoredOrder | undefined): Step {
  if (!stored) return "accept";
  const {
    order: { status, notifiedAt },
    checkAt,
    leaseUntil,
    kept,
  } = stored;
  const isSoon = (at: number) => at <= NOW.getTime() + 10_000;
  if (status === "RECEIVED") return isSoon(checkAt) ? "claim" : "claimNew";
  if (status === "PROCESSING" && !isSoon(leaseUntil)) return "end";
  if (status === "PROCESSING") return kept.length < 2 ? "keep" : "release";
  return notifiedAt === undefined ? "stampNotified" : "redrive";
}

function unseen(orderId: string): StoredOrder {
  const order = anOrder({ orderId });
  const counts = { redrives: 0, attempt: 0, tries: 0, undoTries: 0 };
  const times = { workUntil: 0, leaseUntil: 0, checkAt: 0 };
  const nothing = { kept: [], ending: undefined, history: [] };
  return { order, fingerprint: "", writeId: "", ...counts, ...times, ...nothing };
}

function endOf(status: EndStatus, isUndoFailed: boolean): End {
  if (status === "COMPLETED") return { status, totals: { units: 3 } };
  return { status, reason: "why", ...(isUndoFailed && { undoFailed: true }) };
}

function dueOf({ order: { orderId }, checkAt }: StoredOrder): DueOrder {
  return { orderId, shelf: `open-${orderId.charAt(0)}`, checkAt, overdueSince: undefined };
}

/** What a table may do otherwise than DynamoDB. */
const FAULTS: Record<string, (client: Client) => Client> = {
  "performs an update whatever its condition": ({ send }) => ({
    send(command: unknown) {
      if (!(command instanceof UpdateItemCommand)) return send(command as GetItemCommand);
      const { ConditionExpression = "", ...input } = command.input;
      const always = `(${ConditionExpression}) OR attribute_exists(orderId)`;
      return send(new UpdateItemCommand({ ...input, ConditionExpression: always }));
    },
  }),
  "refuses a write without the item that is there": ({ send }) => ({
    async send(command: GetItemCommand) {
      try {
        return await send(command);
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) delete error.Item;
        throw error;
      }
    },
  }),
  "leaves items out of its index": ({ send }) => ({
    async send(command: unknown) {
      const response = await send(command as GetItemCommand);
      return command instanceof QueryCommand ? { ...response, Items: [] } : response;
    },
  }),
};

describe("the steps of orders' lives", () => {
  let tables: Tables;
  let client: Client;
  beforeAll(async () => {
    tables = await onTheLaptop();
    client = await tables.make(TableName);
  });
  afterAll(() => tables.stop());

  /** Performs each history on both. `onStep` is given each step and whether it was performed. */
  function sameOnBoth(inMemoryClient: () => Client, onStep: (outcome: string) => void) {
    return fc.asyncProperty(history, async (calls) => {
      for (const orderId of IDS) {
        await client.send(new DeleteItemCommand({ TableName, Key: { orderId: { S: orderId } } }));
      }
      const inMemory = makeOrders(inMemoryClient());
      const inDynamodb = makeOrders(client);
      for (const call of calls) {
        const [a, b] = await Promise.all([inMemory.perform(call), inDynamodb.perform(call)]);
        expect(a).toEqual(b);
        onStep(`${a.step} ${a.ok ? "performed" : "refused"}`);
      }
      expect(await inMemory.contents()).toEqual(await inDynamodb.contents());
    });
  }

  it("do the same in memory as in DynamoDB, in any order, on what was seen long ago", async () => {
    /** Steps performed and refused: a property over refusals alone would prove little. */
    const outcomes = new Set<string>();
    const inMemoryClient = () => makeMemoryTable().client();
    const property = sameOnBoth(inMemoryClient, (outcome) => outcomes.add(outcome));
    await fc.assert(property, { numRuns: 100 });
    const expected = STEPS.flatMap((each) => [`${each} performed`, `${each} refused`]);
    expect([...outcomes].sort()).toEqual(expected.sort());
  }, 180_000);

  it.each(Object.entries(FAULTS))("differ in a table that %s", async (_name, withFault) => {
    const property = sameOnBoth(
      () => withFault(makeMemoryTable().client()),
      () => undefined,
    );
    const { failed, errorInstance } = await fc.check(property, {
      numRuns: 100,
      endOnFailure: true,
    });
    expect(failed).toBe(true);
    expect(errorInstance).toHaveProperty("message", expect.stringContaining("toEqual"));
  });
});
