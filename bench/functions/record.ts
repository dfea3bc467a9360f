import { makeClient, type Send } from "../../harness/client";
import { eventually } from "../../harness/eventually";
import { makeTokens } from "../../harness/tokens";
import type { AwsCall } from "../../laptop/aws-call";
import type { AwsResponse } from "../../laptop/endpoint/errors";
import { pollerOf } from "../../laptop/iam/callers";
import type { Registration } from "../../laptop/program/provider";
import { startStack } from "../../laptop/stack";
import { batchOf, getEvent, postEvent } from "./events";
import { type DeployedFunction, deployedFunction } from "./subject";

/** A call of a function, and what the laptop's emulators have answered. */
export interface RecordedCall extends Pick<AwsCall, "service" | "action" | "fields"> {
  response: Pick<AwsResponse, "status"> & { contentType: string; body: string };
}

/** One invocation of a function. */
export interface RecordedInvocation {
  event: object;
  /** In the order in which it made them. */
  calls: RecordedCall[];
}

export interface Recording {
  functions: DeployedFunction[];
  /** By the function's name. */
  invocations: Record<string, RecordedInvocation>;
  /** URL of the AWS endpoint then, which stands in queues' URLs. */
  endpoint: string;
  region: string;
  /** In milliseconds since 1970. */
  at: number;
}

const CUSTOMER_ID = "carol";
const ORDER = {
  customerId: CUSTOMER_ID,
  items: [
    { sku: "coffee", quantity: 1, unitPrice: 12.9 },
    { sku: "filter", quantity: 100, unitPrice: 0.03 },
  ],
  metadata: { gift: true, note: "Happy birthday, Dan" },
};
/** With it each repetition is about the same order, and the answers fit. */
const IDEMPOTENCY_KEY = "bench-of-functions";

/**
 * Runs the program of a checkout on a laptop stack, takes the archives that it registers, and sends one
 * order through it: what the functions call meanwhile, and what is answered.
 */
export async function recordFunctions(directory: string, stack: string): Promise<Recording> {
  const functions: DeployedFunction[] = [];
  const calls: (RecordedCall & { caller: string })[] = [];
  const at = Date.now();
  const laptop = await startStack({
    directory,
    stack,
    override: (registration: Registration) => {
      const found = deployedFunction(registration);
      if (found) functions.push(found);
      return registration;
    },
    onCall: (call, response) => calls.push({ caller: call.caller, ...recorded(call, response) }),
  });
  try {
    const { awsEndpoint: endpoint, region, outputs } = laptop;
    const orderId = await sendOrder(outputs);
    const of = (caller: string) => calls.filter((call) => call.caller === caller);
    const batch = of(pollerOf("process-order")).flatMap((call) => batchOf(call, region));
    const caller = outputs["auth"] === undefined ? undefined : CUSTOMER_ID;
    const headers = { "Idempotency-Key": IDEMPOTENCY_KEY };
    const invocations = {
      "create-order": { event: postEvent(ORDER, headers, caller), calls: of("create-order") },
      // The last one saw the order as it is in the end.
      "get-order": { event: getEvent(orderId, caller), calls: of("get-order").slice(-1) },
      "process-order": { event: { Records: batch }, calls: of("process-order") },
    };
    functions.sort((a, b) => (a.name < b.name ? -1 : 1));
    return { functions, invocations, endpoint, region, at };
  } finally {
    await laptop.stop();
  }
}

function recorded(
  { service, action, fields }: AwsCall,
  { status, headers, body }: AwsResponse,
): RecordedCall {
  const contentType = String(headers["content-type"]);
  return { service, action, fields, response: { status, contentType, body: body.toString() } };
}

/** Gives its id once all is done with it. */
async function sendOrder({ apiUrl, auth }: Record<string, unknown>): Promise<string> {
  const tokenOf = auth === undefined ? undefined : makeTokens(String(apiUrl), auth);
  const send: Send = async (url, init) => {
    const headers = new Headers(init?.headers);
    if (tokenOf)
      headers.set("Authorization", `Bearer ${await tokenOf({ customerId: CUSTOMER_ID })}`);
    return fetch(url, { ...init, headers });
  };
  const client = makeClient(`${String(apiUrl)}orders`, send);
  const orderId = await client.accepted(ORDER, { "Idempotency-Key": IDEMPOTENCY_KEY });
  await eventually(`order ${orderId} to be notified`, async () => {
    const order = await client.get(orderId);
    return order.notifiedAt !== undefined;
  });
  return orderId;
}
