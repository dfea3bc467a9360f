import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Item } from "../../handlers/aws/stored-order";
import type { OrderStatus } from "../../handlers/order";
import type { Invocation } from "../invocation";

/** An item of the table, as far as the promises are about it. */
export interface Row {
  customerId: string;
  status: OrderStatus;
  redrives: number;
  attempt: number;
  /** In milliseconds since 1970; 0 when nobody works on it. */
  workUntil: number;
  /** In milliseconds since 1970; 0 when it is free. */
  leaseUntil: number;
  isOpen: boolean;
  isNotified: boolean;
  isToBeCancelled: boolean;
  /** How it ends after its undo. */
  ending: string | undefined;
  isUndoFailed: boolean;
  /** JSON texts. */
  kept: readonly AttributeValue[];
  history: readonly AttributeValue[];
}

/** One write, by an invocation. */
export interface Write {
  by: Invocation;
  before: Row;
  after: Row;
}

const NONE: readonly AttributeValue[] = [];

export function rowOf(item: Item): Row {
  const ending = item["ending"]?.S;
  return {
    customerId: item["customerId"]?.S ?? "",
    status: (item["status"]?.S ?? "") as OrderStatus,
    redrives: Number(item["redrives"]?.N),
    attempt: Number(item["attempt"]?.N),
    workUntil: Number(item["workUntil"]?.N ?? 0),
    leaseUntil: Number(item["leaseUntil"]?.N ?? 0),
    isOpen: item["shelf"]?.S?.startsWith("open-") === true,
    isNotified: item["notifiedAt"] !== undefined,
    isToBeCancelled: item["cancelRequestedAt"] !== undefined,
    ending: ending === undefined ? undefined : (JSON.parse(ending) as { status: string }).status,
    isUndoFailed: item["undoFailed"] !== undefined,
    kept: item["kept"]?.L ?? NONE,
    history: item["history"]?.L ?? NONE,
  };
}

/** The fencing token of an attempt. */
export function tokenOf({ redrives, attempt }: Pick<Row, "redrives" | "attempt">): string {
  return `${redrives}/${attempt}`;
}
