import { object, pattern, string } from "superstruct";
import { matches, parseJson } from "./json";
import { ORDER_ID } from "./order";

/** A queue's message about an order carries nothing but its id: the table has the rest. */
export function orderMessage(orderId: string): string {
  return JSON.stringify({ orderId });
}

/** The order's id; undefined when the message is not about an order. */
export function parseOrderMessage(body: string): string | undefined {
  const json = parseJson(body);
  const struct = object({ orderId: pattern(string(), ORDER_ID) });
  return json.ok && matches(json.value, struct) ? json.value.orderId : undefined;
}
