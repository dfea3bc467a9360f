import { percentile } from "../spread";
import { type LaptopProcess, startLaptopProcess } from "./laptop-process";
import { type LoadResult, postOrders } from "./load";
import { totalOf, type Usage, usageOf } from "./processes";
import { STACK } from "./stack-file";

/** One start of a laptop, and what it did under load. */
export interface Round {
  /** From `npm start` to apiUrl. */
  readyMilliseconds: number;
  /** By the number of connections. */
  accepted: Accepted[];
  /** Of the load from CONNECTIONS connections: orders a second from the first POST to the last notification. */
  endToEnd: number;
  /** CPU milliseconds an order, by process; `all` is their sum. */
  cpu: Record<string, number>;
  /** At the end of that load. */
  memory: Usage;
}

export interface Accepted {
  connections: number;
  /** Responses with 202 a second. */
  perSecond: number;
  /** Milliseconds from a POST to its 202. */
  p50: number;
  p99: number;
  /** Responses with another status, such as those of a full Lambda; their orders were posted again. */
  refused: number;
}

/** Of the load that all figures but `accepted` are about. */
export const CONNECTIONS = 10;
const OTHER_CONNECTIONS = [1, 50, 200];
/** Code is hot after so many. */
const WARM_UP = 1000;
const ORDERS = 1000;
/** Of a load from other connections: of each of them, and of all. */
const MIN_ORDERS = 200;
const ORDERS_A_CONNECTION = 4;

/** Milliseconds from `npm start` to apiUrl where nothing may have been kept of an earlier start. */
export async function firstStart(directory: string): Promise<number> {
  const laptop = await startLaptopProcess(directory, ["--stack", STACK]);
  await laptop.stop();
  return laptop.readyMilliseconds;
}

export async function measureRound(directory: string): Promise<Round> {
  const laptop = await startLaptopProcess(directory, ["--stack", STACK]);
  try {
    await load(laptop, CONNECTIONS, WARM_UP);
    const before = usageOf(laptop.pid);
    const { result, endToEnd } = await load(laptop, CONNECTIONS, ORDERS);
    const memory = usageOf(laptop.pid);
    const accepted = [acceptedOf(CONNECTIONS, result)];
    for (const connections of OTHER_CONNECTIONS) {
      const orders = Math.max(MIN_ORDERS, connections * ORDERS_A_CONNECTION);
      accepted.push(acceptedOf(connections, (await load(laptop, connections, orders)).result));
    }
    return {
      readyMilliseconds: laptop.readyMilliseconds,
      accepted: accepted.sort((a, b) => a.connections - b.connections),
      endToEnd,
      cpu: cpuOf(before, memory),
      memory: { ...memory, all: totalOf(memory) },
    };
  } finally {
    await laptop.stop();
  }
}

/** Posts orders, and waits until each customer was told. */
export async function load(laptop: LaptopProcess, connections: number, orders: number) {
  const started = performance.now();
  const result = await postOrders({ ordersUrl: laptop.ordersUrl, orders, connections });
  const times = await laptop.notified(result.orderIds);
  return { result, endToEnd: (orders / (Math.max(...times.values()) - started)) * 1000 };
}

export function acceptedOf(
  connections: number,
  { latencies, milliseconds, refused }: LoadResult,
): Accepted {
  return {
    connections,
    perSecond: (latencies.length / milliseconds) * 1000,
    p50: percentile(latencies, 50),
    p99: percentile(latencies, 99),
    refused,
  };
}

/** A process that was started in between has used all that it has used. */
function cpuOf(before: Usage, after: Usage): Record<string, number> {
  const all = Object.entries({ ...after, all: totalOf(after) });
  const used = { ...before, all: totalOf(before) } as Usage;
  return Object.fromEntries(
    all.map(([role, { cpuMilliseconds }]) => [
      role,
      (cpuMilliseconds - (used[role]?.cpuMilliseconds ?? 0)) / ORDERS,
    ]),
  );
}
