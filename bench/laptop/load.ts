import * as http from "node:http";
import { setTimeout } from "node:timers/promises";

/** Before an order that was refused is posted again. */
const PAUSE_MILLISECONDS = 100;

export interface Load {
  ordersUrl: string;
  orders: number;
  /** Kept alive; each posts one order after the other. */
  connections: number;
}

export interface LoadResult {
  orderIds: string[];
  /** From the first request to the last response. */
  milliseconds: number;
  /** From each POST to its 202, in milliseconds. */
  latencies: number[];
  /** Responses with a server error: those orders were posted again. */
  refused: number;
}

/** Posts orders until so many are accepted. Throws at a response that is neither 202 nor a server error. */
export async function postOrders({ ordersUrl, orders, connections }: Load): Promise<LoadResult> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const result: LoadResult = { orderIds: [], milliseconds: 0, latencies: [], refused: 0 };
  let next = 0;
  const work = async () => {
    while (next < orders) {
      const body = orderOf((next += 1));
      const posted = performance.now();
      const { status, text } = await request(ordersUrl, { method: "POST", agent }, body);
      if (status >= 500) {
        result.refused += 1;
        next -= 1;
        await setTimeout(PAUSE_MILLISECONDS);
      } else if (status !== 202) throw new Error(`POST ${ordersUrl}: ${status} ${text}`);
      else {
        result.latencies.push(performance.now() - posted);
        result.orderIds.push((JSON.parse(text) as { orderId: string }).orderId);
      }
    }
  };
  const started = performance.now();
  try {
    await Promise.all(Array.from({ length: connections }, work));
  } finally {
    agent.destroy();
  }
  return { ...result, milliseconds: performance.now() - started };
}

/** A small order of two items. */
function orderOf(number: number): string {
  return JSON.stringify({
    customerId: `customer-${number}`,
    items: [
      { sku: "tea", quantity: 3, unitPrice: 4.1 },
      { sku: "mug", unitPrice: 12.5 },
    ],
  });
}

export function request(
  url: string,
  options: http.RequestOptions,
  body = "",
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    };
    const sent = http.request(url, { ...options, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.once("error", reject);
      response.once("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.once("error", reject).end(body);
  });
}
