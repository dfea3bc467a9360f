import { randomUUID } from "node:crypto";
import {
  type AttributeValue,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
import { makeOrdersTable } from "../../handlers/aws/orders-table";
import { type Item, SHELVES, storedKept, storedOrder } from "../../handlers/aws/stored-order";
import type { Kept } from "../../handlers/kept";
import type { StoredOrder, Written } from "../../handlers/life";
import { NOW, ORDER_ID } from "./orders";
import type { Tables } from "./orders-tables";

export const T = NOW.getTime();
export const CREATED = new Date(T - 99_000).toISOString();
export const AT = NOW.toISOString();

/** An item as the table stores it: texts, numbers, and lists of JSON texts. */
export type Plain = Record<string, string | number | true | unknown[] | undefined>;

export const ACCEPTED: Plain = {
  customerId: "customer-1",
  items: '[{"sku":"tea","quantity":3,"unitPrice":0.1}]',
  status: "RECEIVED",
  createdAt: CREATED,
  updatedAt: CREATED,
  fingerprint: "fingerprint-1",
  writeId: "write-0",
  redrives: 0,
  attempt: 0,
  tries: 0,
  shelf: "open-0",
  checkAt: T + 60_000,
  history: [["accept", T - 99_000, 0]],
};
export const CLAIMED: Plain = {
  ...ACCEPTED,
  status: "PROCESSING",
  redrives: 1,
  attempt: 2,
  tries: 2,
  workUntil: T,
  leaseUntil: T,
  overdueSince: T - 1,
};
const { leaseUntil: _lease, workUntil: _work, ...UNLEASED } = CLAIMED;
export const FAILED: Plain = { ...UNLEASED, status: "FAILED", failedAt: CREATED, reason: "why" };
export const COMPLETED: Plain = {
  ...UNLEASED,
  status: "COMPLETED",
  completedAt: CREATED,
  totals: "{}",
};
export const REJECTED: Plain = {
  ...UNLEASED,
  status: "REJECTED",
  rejectedAt: CREATED,
  reason: "why",
};

export const CANCELLED: Plain = { ...UNLEASED, status: "CANCELLED", cancelledAt: CREATED };

export function itemOf(plain: Plain): Item {
  const attributes = Object.entries(plain).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [[name, attributeOf(name === "kept" ? stored(value) : value)] as const],
  );
  return Object.fromEntries(attributes);
}

/** What is kept, as the table stores it. */
function stored(kept: NonNullable<Plain[string]>): unknown[] {
  return (kept as Kept[]).map(storedKept);
}

function attributeOf(value: NonNullable<Plain[string]>): AttributeValue {
  if (value === true) return { BOOL: true };
  if (typeof value === "number") return { N: String(value) };
  if (typeof value === "string") return { S: value };
  return { L: value.map((each) => ({ S: JSON.stringify(each) })) };
}

export function seen(plain: Plain): StoredOrder {
  return storedOrder(itemOf({ ...plain, orderId: ORDER_ID }));
}

export type OrdersTableUnderTest = Awaited<ReturnType<typeof makeOrdersTableUnderTest>>;

/** An empty orders' table, and what is needed to see each step's effect on an item. */
export async function makeOrdersTableUnderTest(tables: Tables) {
  const TableName = `orders-${randomUUID()}`;
  const client = await tables.make(TableName);
  let writes = 0;
  const newId = () => `write-${(writes += 1)}`;

  const put = async (plain: Plain, orderId = ORDER_ID): Promise<void> => {
    await client.send(new PutItemCommand({ TableName, Item: itemOf({ ...plain, orderId }) }));
  };
  const item = async (): Promise<Item | undefined> => {
    const Key = { orderId: { S: ORDER_ID } };
    return (await client.send(new GetItemCommand({ TableName, Key }))).Item;
  };

  return {
    table: makeOrdersTable(client, TableName, newId),
    /** Of a client whose every answer is lost once: the SDK sends its call again. */
    repeating: makeOrdersTable(
      {
        send: async (command: GetItemCommand) => {
          await client.send(command);
          return client.send(command);
        },
      } as typeof client,
      TableName,
      newId,
    ),
    put,
    item,
    /** The entries of one partition of the index. */
    shelf: async (name: string): Promise<Item[]> => {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName,
          IndexName: SHELVES.index,
          KeyConditionExpression: "shelf = :shelf",
          ExpressionAttributeValues: { ":shelf": { S: name } },
        }),
      );
      return Items;
    },
    /** The step is performed: on `before`, with these changes, this entry of the history and no others. */
    performs: async (
      step: () => Promise<Written>,
      before: Plain,
      changes: Plain,
      entry?: unknown[],
    ) => {
      await put(before);
      const history = [...((before["history"] ?? []) as unknown[]), ...(entry ? [entry] : [])];
      const after = itemOf({ ...before, history, ...changes, orderId: ORDER_ID });
      expect(await step()).toEqual({ ok: true, stored: storedOrder(after) });
      expect(await item()).toEqual(after);
    },
    /** The step is refused, with the item of that moment, which stays as it is. */
    refuses: async (step: () => Promise<Written>, before: Plain) => {
      await put(before);
      const unchanged = itemOf({ ...before, orderId: ORDER_ID });
      expect(await step()).toEqual({ ok: false, stored: storedOrder(unchanged) });
      expect(await item()).toEqual(unchanged);
    },
  };
}
