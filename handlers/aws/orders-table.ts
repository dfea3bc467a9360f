import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { Failure } from "../claimed-order";
import { type Entry, withEntry } from "../history";
import { type Kept, keptAs } from "../kept";
import type { End, Ending, Lease, Pause, StoredOrder, Written } from "../life";
import type { Order } from "../order";
import type { DueOrder } from "../reconcile-orders";
import {
  document,
  documents,
  failedShelf,
  type Item,
  number,
  numberIn,
  openShelf,
  orderAttributes,
  SHELF_DIGITS,
  SHELVES,
  storedEntry,
  storedKept,
  storedOrder,
  text,
} from "./stored-order";

export type OrdersTable = ReturnType<typeof makeOrdersTable>;

const TOKEN = "redrives = :redrives AND attempt = :attempt";
const MINE = `#status = :PROCESSING AND ${TOKEN}`;
const LEASE = "workUntil = :workUntil, leaseUntil = :leaseUntil, writeId = :writeId";
const CLAIM = `#status = :PROCESSING, updatedAt = :nowText, ${LEASE}`;
const LEASE_IS_OVER = "(attribute_not_exists(leaseUntil) OR leaseUntil <= :now)";
const NOT_CANCELLED = "attribute_not_exists(cancelRequestedAt)";

/** Values that any expression may use. */
const CONSTANTS: Item = {
  ":RECEIVED": { S: "RECEIVED" },
  ":PROCESSING": { S: "PROCESSING" },
  ":FAILED": { S: "FAILED" },
  ":CANCELLED": { S: "CANCELLED" },
  ":true": { BOOL: true },
  ":none": { L: [] },
  ":zero": { N: "0" },
  ":one": { N: "1" },
};

/** Of one shelf, in one run of the reconciler. */
const MAX_DUE_OF_A_SHELF = 500;

interface Update {
  set: string;
  remove?: string;
  condition: string;
  values: Item;
  /** What the history gains; `seen`: what it was, if that is known. */
  entry?: Entry;
  seen?: StoredOrder;
}

/**
 * Every write of an order: one conditional put or update of one item each. `newId` makes the random id
 * by which a write recognises itself, where the SDK has repeated it because its response was lost.
 */
export function makeOrdersTable(
  client: Pick<DynamoDBClient, "send">,
  tableName: string,
  newId: () => string,
) {
  const update = (orderId: string, update: Update): Promise<Written> => {
    const { change, condition, values } = expressionsOf(update);
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
      const accepted: Entry = { change: "accept", at: Date.parse(order.createdAt), attempt: 0 };
      const Item = {
        ...orderAttributes(order),
        fingerprint: text(fingerprint),
        writeId: text(writeId),
        redrives: number(0),
        attempt: number(0),
        tries: number(0),
        shelf: text(openShelf(order.orderId)),
        checkAt: number(checkAt),
        history: documents([storedEntry(accepted)]),
      };
      const command = new PutItemCommand({
        TableName: tableName,
        Item,
        ConditionExpression: "attribute_not_exists(orderId)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
      return written(async () => (await client.send(command), Item), writeId);
    },

    claimNewOrder: (orderId: string, lease: Lease, now: Date) =>
      update(orderId, {
        set: `${CLAIM}, attempt = :one, tries = :one`,
        remove: "overdueSince",
        condition: "#status = :RECEIVED AND attempt = :zero AND checkAt > :leaseUntil",
        values: { ...claimOf(lease, now), ":writeId": text(newId()) },
        entry: { change: "claim", at: now.getTime(), attempt: 1 },
      }),

    claimOrder: (seen: StoredOrder, lease: Lease, now: Date) =>
      update(seen.order.orderId, {
        set: `${CLAIM}, attempt = attempt + :one, tries = tries + :one${moved(lease.checkAt)}`,
        remove: "overdueSince",
        condition: `#status IN (:RECEIVED, :PROCESSING) AND ${TOKEN} AND ${LEASE_IS_OVER}
          AND ${NOT_CANCELLED}`,
        values: { ...tokenOf(seen), ...claimOf(lease, now), ":writeId": text(newId()) },
        entry: { change: "claim", at: now.getTime(), attempt: seen.attempt + 1 },
        seen,
      }),

    beginUndo: (seen: StoredOrder, ending: Ending, lease: Lease, isMine: boolean, now: Date) =>
      update(seen.order.orderId, {
        set: `${LEASE}, attempt = attempt + :one${moved(lease.checkAt)},
          undoTries = if_not_exists(undoTries, :zero) + :one,
          ending = if_not_exists(ending, :ending)`,
        remove: "overdueSince",
        // A worker that outlived its lease may have kept a step: then the tries are not used up.
        condition: isMine ? MINE : `${MINE} AND ${LEASE_IS_OVER} AND tries = :tries`,
        values: {
          ...tokenOf(seen),
          ...claimOf(lease, now),
          ":writeId": text(newId()),
          ":tries": number(seen.tries),
          ":ending": document(ending),
        },
        entry: {
          change: "begin undo",
          at: now.getTime(),
          attempt: seen.attempt + 1,
          why: ending.status,
        },
        seen,
      }),

    keep: (claimed: StoredOrder, kept: Kept, now: Date) =>
      update(claimed.order.orderId, {
        set: `updatedAt = :nowText, ${KEPT}, ${kept.kind === "undo" ? "undoTries" : "tries"} = :zero`,
        condition: `${MINE} AND ${nothingWasKeptSince(claimed)}`,
        values: { ...tokenOf(claimed), ...keptOf(claimed, kept), ":nowText": timeText(now) },
        entry: { change: "keep", at: now.getTime(), attempt: claimed.attempt, step: kept.name },
        seen: claimed,
      }),

    pauseOrder: (claimed: StoredOrder, wait: Kept & { kind: "wait" }, pause: Pause, now: Date) => {
      const isKept = keptAs(claimed.kept, wait.name) !== undefined;
      const { name: step, until } = wait;
      return update(claimed.order.orderId, {
        set: `${isKept ? "" : `${KEPT}, tries = :zero, `}leaseUntil = :leaseUntil${paused(pause)}`,
        remove: `workUntil${pause.overdueSince === undefined ? ", overdueSince" : ""}`,
        condition: `${MINE} AND ${nothingWasKeptSince(claimed)} AND ${NOT_CANCELLED}`,
        values: { ...tokenOf(claimed), ...keptOf(claimed, wait), ...pauseOf(pause) },
        entry: { change: "wait", at: now.getTime(), attempt: claimed.attempt, step, until },
        seen: claimed,
      });
    },

    releaseOrder: (claimed: StoredOrder, pause: Pause, failure: Failure, now: Date) =>
      update(claimed.order.orderId, {
        set: `leaseUntil = :leaseUntil${paused(pause)}`,
        remove: "workUntil, overdueSince",
        condition: `${MINE} AND attribute_exists(workUntil)
          ${claimed.ending ? "" : `AND ${NOT_CANCELLED}`}`,
        values: { ...tokenOf(claimed), ...pauseOf(pause) },
        entry: { change: "release", at: now.getTime(), attempt: claimed.attempt, ...failure },
        seen: claimed,
      }),

    endOrder: (claimed: StoredOrder, end: End, checkAt: number | undefined, now: Date) =>
      update(claimed.order.orderId, {
        set: `#status = :end, updatedAt = :nowText, ${ENDS[end.status].time} = :nowText
          ${resultOf(end)}${"undoFailed" in end ? ", undoFailed = :true" : ""}${moved(checkAt)}`,
        remove: "workUntil, leaseUntil, overdueSince",
        condition: `${MINE}${end.status === "CANCELLED" ? "" : ` AND ${NOT_CANCELLED}`}
          ${"undoFailed" in end ? "AND undoTries = :undoTries" : ""}`,
        values: {
          ...tokenOf(claimed),
          ":end": text(end.status),
          ":nowText": timeText(now),
          ":undoTries": number(claimed.undoTries),
          ":result": end.status === "COMPLETED" ? document(end.totals) : text(end.reason ?? ""),
          ":checkAt": number(checkAt ?? 0),
        },
        entry: { change: ENDS[end.status].change, at: now.getTime(), attempt: claimed.attempt },
        seen: claimed,
      }),

    /** Of an order that nobody has ever worked on in its life: there is nothing to undo. */
    cancelNewOrder: (orderId: string, now: Date, owner?: string) =>
      update(orderId, {
        set: `#status = :CANCELLED, updatedAt = :nowText, cancelRequestedAt = :nowText,
          cancelledAt = :nowText, writeId = :writeId`,
        remove: "overdueSince",
        condition: `#status = :RECEIVED AND attempt = :zero
          ${owner === undefined ? "" : "AND customerId = :owner"}`,
        values: {
          ":nowText": timeText(now),
          ":writeId": text(newId()),
          ":owner": text(owner ?? ""),
        },
        entry: { change: "cancel", at: now.getTime(), attempt: 0 },
      }),

    /** Nobody has it longer than the worker that is at work on it: no backoff, no wait. */
    requestCancellation: (seen: StoredOrder, checkAt: number, now: Date) =>
      update(seen.order.orderId, {
        set: `updatedAt = :nowText, cancelRequestedAt = :nowText, checkAt = :checkAt,
          leaseUntil = if_not_exists(workUntil, :zero), writeId = :writeId`,
        remove: "overdueSince",
        condition: `${MINE} AND ${NOT_CANCELLED}`,
        values: {
          ...tokenOf(seen),
          ":nowText": timeText(now),
          ":checkAt": number(checkAt),
          ":writeId": text(newId()),
        },
        entry: { change: "ask to cancel", at: now.getTime(), attempt: seen.attempt },
        seen,
      }),

    recordNotified: (ended: StoredOrder, now: Date) =>
      update(ended.order.orderId, {
        set: `notifiedAt = :nowText
          ${ended.order.status === "FAILED" ? ", shelf = :shelf, checkAt = :failedAt" : ""}`,
        remove: `${ended.order.status === "FAILED" ? "" : "shelf, checkAt, "}overdueSince`,
        condition: `#status = :end AND ${TOKEN} AND attribute_not_exists(notifiedAt)`,
        values: {
          ...tokenOf(ended),
          ":end": text(ended.order.status),
          ":nowText": timeText(now),
          ":shelf": text(failedShelf(ended.order.orderId)),
          ":failedAt": number(Date.parse(ended.order.failedAt ?? "")),
        },
        entry: { change: "notify", at: now.getTime(), attempt: ended.attempt },
        seen: ended,
      }),

    postponeCheck: (due: DueOrder, checkAt: number) =>
      update(due.orderId, {
        set: "checkAt = :checkAt, overdueSince = if_not_exists(overdueSince, :seen)",
        condition: "shelf = :shelf AND checkAt = :seen",
        values: {
          ":shelf": text(due.shelf),
          ":seen": number(due.checkAt),
          ":checkAt": number(checkAt),
        },
      }),

    /** A new life, of which nothing is kept yet. `onlyIfUndone`: refused where its undo has failed. */
    redriveOrder: (orderId: string, now: Date, onlyIfUndone = false) =>
      update(orderId, {
        set: `#status = :RECEIVED, updatedAt = :nowText, redrives = redrives + :one,
          attempt = :zero, tries = :zero, shelf = :shelf, checkAt = :now, writeId = :writeId`,
        remove: "undoTries, kept, ending, undoFailed, failedAt, reason, notifiedAt, overdueSince",
        condition: `#status = :FAILED${onlyIfUndone ? " AND attribute_not_exists(undoFailed)" : ""}`,
        values: {
          ":now": number(now.getTime()),
          ":nowText": timeText(now),
          ":shelf": text(openShelf(orderId)),
          ":writeId": text(newId()),
        },
        entry: { change: "redrive", at: now.getTime(), attempt: 0 },
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

const KEPT = "kept = list_append(if_not_exists(kept, :none), :kept)";

/** How an end is written, by its status: the name of its change, and of its time. */
const ENDS = {
  COMPLETED: { change: "complete", time: "completedAt" },
  REJECTED: { change: "reject", time: "rejectedAt" },
  FAILED: { change: "give up", time: "failedAt" },
  CANCELLED: { change: "cancel", time: "cancelledAt" },
} as const;

function resultOf(end: End): string {
  if (end.status === "COMPLETED") return ", totals = :result";
  return end.reason === undefined ? "" : ", reason = :result";
}

function tokenOf({ redrives, attempt }: StoredOrder): Item {
  return { ":redrives": number(redrives), ":attempt": number(attempt) };
}

function claimOf({ workUntil, leaseUntil, checkAt }: Lease, now: Date): Item {
  return {
    ":now": number(now.getTime()),
    ":nowText": timeText(now),
    ":workUntil": number(workUntil),
    ":leaseUntil": number(leaseUntil),
    ":checkAt": number(checkAt ?? 0),
  };
}

function pauseOf({ leaseUntil, checkAt, overdueSince }: Pause): Item {
  return {
    ":leaseUntil": number(leaseUntil),
    ":checkAt": number(checkAt ?? 0),
    ":overdueSince": number(overdueSince ?? 0),
  };
}

function paused({ checkAt, overdueSince }: Pause): string {
  return moved(checkAt) + (overdueSince === undefined ? "" : ", overdueSince = :overdueSince");
}

function moved(checkAt: number | undefined): string {
  return checkAt === undefined ? "" : ", checkAt = :checkAt";
}

/** The SDK may repeat a write whose response was lost: it must not be kept twice. */
function nothingWasKeptSince({ kept }: StoredOrder): string {
  return kept.length === 0 ? "attribute_not_exists(kept)" : "size(kept) = :count";
}

function keptOf(claimed: StoredOrder, kept: Kept): Item {
  return { ":kept": documents([storedKept(kept)]), ":count": number(claimed.kept.length) };
}

function timeText(time: Date): AttributeValue {
  return text(time.toISOString());
}

function expressionsOf({ set, remove, condition, values, entry, seen }: Update) {
  const removal = remove === undefined ? "" : ` REMOVE ${remove}`;
  if (!entry) return { change: `SET ${set}${removal}`, condition, values };
  const history = withEntry(seen?.history ?? [], entry);
  if ("append" in history) {
    return {
      change: `SET ${set}, history = list_append(if_not_exists(history, :none), :history)${removal}`,
      condition,
      values: { ...values, ":history": documents([storedEntry(history.append)]) },
    };
  }
  return {
    change: `SET ${set}, history = :history${removal}`,
    condition: `${condition} AND size(history) = :entries`,
    values: {
      ...values,
      ":history": documents(history.whole.map(storedEntry)),
      ":entries": number(seen?.history.length ?? 0),
    },
  };
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
