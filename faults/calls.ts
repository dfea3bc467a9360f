import { readFileSync } from "node:fs";
import * as path from "node:path";
import type { Item } from "../handlers/aws/stored-order";
import { eventually } from "../harness/eventually";
import { copyProject } from "../harness/project-copy";
import type { AwsResponse } from "../laptop/endpoint/errors";
import type { CountedCall } from "../laptop/endpoint/fault-injection";
import { makeLedger } from "./ledger";
import { startWatchedStack, UNSETTLED } from "./stack";
import { sizeOf, writeUnits } from "./write-units";

/** A call that a function has made for an order. */
export interface MadeCall {
  caller: string;
  action: string;
  effect: string | undefined;
  /** Of a write to the table. */
  units?: { item: number; index: number };
}

export interface OrderCosts {
  calls: MadeCall[];
  /** Functions that were invoked, in this order. */
  invocations: string[];
  /** Of the item, as it is left. */
  bytes: number;
}

const PROCESSING = { timeoutSeconds: 30, maxAttempts: 20 };
const TIMEOUT_MILLISECONDS = 30_000;
const SMALL_ORDER = {
  customerId: "alice",
  items: [
    { sku: "tea", quantity: 3, unitPrice: 4.1 },
    { sku: "mug", unitPrice: 12.5 },
  ],
};

const STEP = path.join(__dirname, "obedient-fulfil-order.ts");

/** What an order costs whose business step has so many steps, each with a small result. */
export async function countCallsOfSteps(steps: number): Promise<OrderCosts> {
  const copy = copyProject({ "handlers/fulfil-order.ts": readFileSync(STEP, "utf8") });
  try {
    return await countCalls({ ...SMALL_ORDER, metadata: { steps } }, copy.directory);
  } finally {
    copy.remove();
  }
}

/** What one small order costs from its POST to its notification, where nothing goes wrong. */
export async function countCalls(
  order: object = SMALL_ORDER,
  directory?: string,
): Promise<OrderCosts> {
  const calls: MadeCall[] = [];
  let item: Item | undefined;
  const stack = await startWatchedStack({
    ...(directory !== undefined && { directory }),
    processing: PROCESSING,
    ledger: makeLedger(PROCESSING.maxAttempts),
    onCall(call, response, effect) {
      const { caller, action, sandboxId } = call;
      if (sandboxId === undefined) return;
      const written = writtenBy(call, response);
      calls.push({ caller, action, effect, ...(written && { units: writeUnits(item, written) }) });
      item = written ?? item;
    },
  });
  try {
    await stack.accepted(order);
    if (!(await stack.settled(TIMEOUT_MILLISECONDS))) throw new Error(UNSETTLED);
    await eventually("the last function to end", () => stack.invocations().length > 1);
    const invocations = stack.invocations().map((invocation) => invocation.function);
    return { calls, invocations, bytes: sizeOf(item ?? {}) };
  } finally {
    await stack.stop();
  }
}

function writtenBy({ action, body }: CountedCall, response: AwsResponse): Item | undefined {
  if (response.status !== 200) return undefined;
  switch (action) {
    case "PutItem":
      return (JSON.parse(body.toString()) as { Item: Item }).Item;
    case "UpdateItem":
      return (JSON.parse(response.body.toString()) as { Attributes: Item }).Attributes;
    default:
      return undefined;
  }
}

export function callsReport({ calls, invocations, bytes }: OrderCosts): string {
  const lines = calls.map(({ caller, action, effect, units }) => {
    const cost = units ? `${units.item} + ${units.index}` : "";
    return `| ${caller} | ${action} | ${effect ?? ""} | ${cost} |`;
  });
  const total = calls.reduce((sum, { units }) => sum + (units ? units.item + units.index : 0), 0);
  return [
    "| function | call | what it does | write units: item + index |",
    "| --- | --- | --- | --- |",
    ...lines,
    `${calls.length} AWS calls, ${invocations.length} invocations (${invocations.join(", ")}), ${total} write units, ${bytes} bytes at the end`,
  ].join("\n");
}
