import type { Item } from "../../handlers/aws/stored-order";
import type { OrderStatus } from "../../handlers/order";
import type { Invocation } from "../invocation";

/** An item of the table, as far as the promises are about it. */
export interface Row {
  customerId: string;
  status: OrderStatus;
  redrives: number;
  attempt: number;
  /** In milliseconds since 1970; 0 when it is free. */
  leaseUntil: number;
  isOpen: boolean;
  isNotified: boolean;
}

/** One write, by an invocation. */
export interface Write {
  by: Invocation;
  before: Row;
  after: Row;
}

export function rowOf(item: Item): Row {
  return {
    customerId: item["customerId"]?.S ?? "",
    status: (item["status"]?.S ?? "") as OrderStatus,
    redrives: Number(item["redrives"]?.N),
    attempt: Number(item["attempt"]?.N),
    leaseUntil: Number(item["leaseUntil"]?.N ?? 0),
    isOpen: item["shelf"]?.S?.startsWith("open-") === true,
    isNotified: item["notifiedAt"] !== undefined,
  };
}

/** The fencing token of an attempt. */
export function tokenOf({ redrives, attempt }: Row): string {
  return `${redrives}/${attempt}`;
}
