import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { End, Lease, StoredOrder, Written } from "../life";
import type { Order } from "../order";
import type { DueOrder } from "../reconcile-orders";
import {
  document,
  failedShelf,
  type Item,
  number,
  numberIn,
  openShelf,
  orderAttributes,
  SHELF_DIGITS,
  SHELVES,
  storedOrder,
  text,
} from "./stored-order";

export type OrdersTable = ReturnType<typeof makeOrdersTable>;

const TOKEN = "redrives = :redrives AND attempt = :attempt";
const MINE = `#status = :PROCESSING AND ${TOKEN}`;
const CLAIM = `#status = :PROCESSING, updatedAt = :nowText, leaseUntil = :leaseUntil, writeId = :writeId`;

/** Values that any expression may use. */
const CONSTANTS: Item = {
  ":RECEIVED": { S: "RECEIVED" },
  ":PROCESSING": { S: "PROCESSING" },
  ":FAILED": { S: "FAILED" },
  ":zero": { N: "0" },
  ":one": { N: "1" },
};

/** Of one shelf, in one run of the reconciler. */
const MAX_DUE_OF_A_SHELF = 500;

/**
 * Every write of an order: one conditional put or update of one item each. `newId` makes the random id
 * by which a write recognises itself, where the SDK has repeated it because its response was lost.
 */
export function makeOrdersTable(
  client: Pick<DynamoDBClient, "send">,
  tableName: string,
  newId: () => string,
) {
  const update = (
    orderId: string,
    { change, condition, values }: { change: string; condition: string; values: Item },
  ): Promise<Written> => {
    const command = new UpdateItemCommand({
      TableName: tableName,
      Key: { orderId: text(orderId) },
      UpdateExpression: change,
      ConditionExpression: condition,
      ...namesAndValues(`${change} ${condition}`, values),
      ReturnValues: "ALL_NEW",
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
    return written(async () => (await client.send(command)).Attributes, values[":writeId"]?.S);
  };

  return {
    acceptOrder: (order: Order, fingerprint: string, checkAt: number): Promise<Written> => {
      const writeId = newId();
      const Item = {
        ...orderAttributes(order),
        fingerprint: text(fingerprint),
        writeId: text(writeId),
        redrives: number(0),
        attempt: number(0),
        tries: number(0),
        shelf: text(openShelf(order.orderId)),
        checkAt: number(checkAt),
      };
      const command = new PutItemCommand({
        TableName: tableName,
        Item,
        ConditionExpression: "attribute_not_exists(orderId)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
      return written(async () => (await client.send(command), Item), writeId);
    },

    claimNewOrder: (orderId: string, { leaseUntil }: Lease, now: Date) =>
      update(orderId, {
        change: `SET ${CLAIM}, attempt = :one, tries = :one REMOVE overdueSince`,
        condition: "#status = :RECEIVED AND attempt = :zero AND checkAt > :leaseUntil",
        values: {
          ":nowText": text(now.toISOString()),
          ":leaseUntil": number(leaseUntil),
          ":writeId": text(newId()),
        },
      }),

    claimOrder: (seen: StoredOrder, { leaseUntil, checkAt }: Lease, now: Date) =>
      update(seen.order.orderId, {
        change: `SET ${CLAIM}, attempt = attempt + :one, tries = tries + :one${moved(checkAt)}
          REMOVE overdueSince`,
        condition: `#status IN (:RECEIVED, :PROCESSING) AND ${TOKEN}
          AND (attribute_not_exists(leaseUntil) OR leaseUntil <= :now)`,
        values: {
          ...tokenOf(seen),
          ":now": number(now.getTime()),
          ":nowText": text(now.toISOString()),
          ":leaseUntil": number(leaseUntil),
          ":checkAt": number(checkAt ?? 0),
          ":writeId": text(newId()),
        },
      }),

    releaseOrder: (claimed: StoredOrder, { leaseUntil, checkAt }: Lease) =>
      update(claimed.order.orderId, {
        change: `SET leaseUntil = :leaseUntil${moved(checkAt)} REMOVE overdueSince`,
        condition: MINE,
        values: {
          ...tokenOf(claimed),
          ":leaseUntil": number(leaseUntil),
          ":checkAt": number(checkAt ?? 0),
        },
      }),

    endOrder: (claimed: StoredOrder, end: End, checkAt: number | undefined, now: Date) =>
      update(claimed.order.orderId, {
        change: `SET #status = :end, updatedAt = :nowText, ${timeOf(end)} = :nowText,
          ${end.status === "COMPLETED" ? "totals" : "reason"} = :result${moved(checkAt)}
          REMOVE leaseUntil, overdueSince`,
        condition: MINE,
        values: {
          ...tokenOf(claimed),
          ":end": text(end.status),
          ":nowText": text(now.toISOString()),
          ":result": end.status === "COMPLETED" ? document(end.totals) : text(end.reason),
          ":checkAt": number(checkAt ?? 0),
        },
      }),

    recordNotified: (ended: StoredOrder, now: Date) =>
      update(ended.order.orderId, {
        change:
          ended.order.status === "FAILED"
            ? "SET notifiedAt = :nowText, shelf = :shelf, checkAt = :failedAt REMOVE overdueSince"
            : "SET notifiedAt = :nowText REMOVE shelf, checkAt, overdueSince",
        condition: `#status = :end AND ${TOKEN} AND attribute_not_exists(notifiedAt)`,
        values: {
          ...tokenOf(ended),
          ":end": text(ended.order.status),
          ":nowText": text(now.toISOString()),
          ":shelf": text(failedShelf(ended.order.orderId)),
          ":failedAt": number(Date.parse(ended.order.failedAt ?? "")),
        },
      }),

    postponeCheck: (due: DueOrder, checkAt: number) =>
      update(due.orderId, {
        change: "SET checkAt = :checkAt, overdueSince = if_not_exists(overdueSince, :seen)",
        condition: "shelf = :shelf AND checkAt = :seen",
        values: {
          ":shelf": text(due.shelf),
          ":seen": number(due.checkAt),
          ":checkAt": number(checkAt),
        },
      }),

    redriveOrder: (orderId: string, now: Date) =>
      update(orderId, {
        change: `SET #status = :RECEIVED, updatedAt = :nowText, redrives = redrives + :one,
          attempt = :zero, tries = :zero, shelf = :shelf, checkAt = :now, writeId = :writeId
          REMOVE failedAt, reason, notifiedAt, overdueSince`,
        condition: "#status = :FAILED",
        values: {
          ":now": number(now.getTime()),
          ":nowText": text(now.toISOString()),
          ":shelf": text(openShelf(orderId)),
          ":writeId": text(newId()),
        },
      }),

    /** Strongly consistent: a client may ask for the order that it has just posted. */
    readOrder: async (orderId: string): Promise<StoredOrder | undefined> => {
      const { Item } = await client.send(
        new GetItemCommand({
          TableName: tableName,
          Key: { orderId: text(orderId) },
          ConsistentRead: true,
        }),
      );
      return Item && storedOrder(Item);
    },

    /** Open orders to be looked at by `now`, oldest first; of very many the oldest of each shelf. */
    dueOrders: async (now: Date): Promise<DueOrder[]> => {
      const shelves = await Promise.all(
        Array.from(SHELF_DIGITS, (digit) =>
          client.send(
            new QueryCommand({
              TableName: tableName,
              IndexName: SHELVES.index,
              KeyConditionExpression: "shelf = :shelf AND checkAt <= :now",
              ExpressionAttributeValues: {
                ":shelf": text(openShelf(digit)),
                ":now": number(now.getTime()),
              },
              Limit: MAX_DUE_OF_A_SHELF,
            }),
          ),
        ),
      );
      return shelves
        .flatMap(({ Items = [] }) => Items.map(dueOrder))
        .sort((a, b) => a.checkAt - b.checkAt);
    },
  };
}

function dueOrder(item: Item): DueOrder {
  const overdueSince = item["overdueSince"] && numberIn(item, "overdueSince");
  return {
    orderId: item["orderId"]?.S ?? "",
    shelf: item["shelf"]?.S ?? "",
    checkAt: numberIn(item, "checkAt"),
    overdueSince,
  };
}

function tokenOf({ redrives, attempt }: StoredOrder): Item {
  return { ":redrives": number(redrives), ":attempt": number(attempt) };
}

function moved(checkAt: number | undefined): string {
  return checkAt === undefined ? "" : ", checkAt = :checkAt";
}

function timeOf({ status }: End): "completedAt" | "rejectedAt" | "failedAt" {
  switch (status) {
    case "COMPLETED":
      return "completedAt";
    case "REJECTED":
      return "rejectedAt";
    case "FAILED":
      return "failedAt";
  }
}

/** DynamoDB refuses names and values that no expression uses. */
function namesAndValues(expressions: string, values: Item) {
  const used: Item = {};
  for (const name of expressions.match(/:\w+/g) ?? []) {
    const value = values[name] ?? CONSTANTS[name];
    if (value) used[name] = value;
  }
  return {
    ...(expressions.includes("#status") && { ExpressionAttributeNames: { "#status": "status" } }),
    ExpressionAttributeValues: used,
  };
}

/** What a refused write returns is of the same moment as the refusal. */
async function written(
  send: () => Promise<Item | undefined>,
  writeId: string | undefined,
): Promise<Written> {
  try {
    const item = await send();
    return { ok: true, stored: item && storedOrder(item) };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const stored = error.Item && storedOrder(error.Item);
    return { ok: writeId !== undefined && stored?.writeId === writeId, stored };
  }
}
