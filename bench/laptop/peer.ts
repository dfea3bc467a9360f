import { existsSync } from "node:fs";
import * as http from "node:http";
import * as path from "node:path";
import { type Spread, spreadOf } from "../spread";
import { startLaptopProcess } from "./laptop-process";
import { postOrders, request } from "./load";
import { type Accepted, acceptedOf, CONNECTIONS } from "./round";
import { STACK } from "./stack-file";

/** The same orders from the same client, to the laptop and to another emulator, in turns. */
export interface PeerResult {
  laptop: PeerReading[];
  peer: PeerReading[];
}

export interface PeerReading extends Accepted {
  /** Orders a second, from the first POST until GET says of all of them that they are COMPLETED. */
  completed: number;
}

/** What runs AWS on a machine, by its command. */
const EMULATORS = ["localstack", "moto_server", "floci", "ministack"];
const ORDERS = 200;
const PAUSE_MILLISECONDS = 100;
const PATIENCE_MILLISECONDS = 120_000;

/** What to say where no peer was named. */
export function hintOfPeer(searchPath = process.env["PATH"] ?? ""): string {
  const found = EMULATORS.find((name) =>
    searchPath.split(path.delimiter).some((folder) => existsSync(path.join(folder, name))),
  );
  return found === undefined
    ? "Peer: none was found on the PATH, and none named with --peer, so there is no comparison."
    : `Peer: ${found} is on the PATH. Deploy this program to it, and name its apiUrl with --peer.`;
}

/** Nothing is read from a laptop's output here: a peer has none. */
export async function measurePeer(
  directory: string,
  peerUrl: string,
  rounds: number,
): Promise<PeerResult> {
  const laptop = await startLaptopProcess(directory, ["--stack", STACK]);
  const urls = { laptop: laptop.ordersUrl, peer: `${peerUrl}orders` };
  try {
    const result: PeerResult = { laptop: [], peer: [] };
    for (const url of Object.values(urls)) await readingOf(url);
    for (let round = 0; round < rounds; round += 1) {
      result.laptop.push(await readingOf(urls.laptop));
      result.peer.push(await readingOf(urls.peer));
    }
    return result;
  } finally {
    await laptop.stop();
  }
}

async function readingOf(ordersUrl: string): Promise<PeerReading> {
  const started = performance.now();
  const posted = await postOrders({ ordersUrl, orders: ORDERS, connections: CONNECTIONS });
  await allCompleted(ordersUrl, posted.orderIds);
  const completed = (ORDERS / (performance.now() - started)) * 1000;
  return { ...acceptedOf(CONNECTIONS, posted), completed };
}

async function allCompleted(ordersUrl: string, orderIds: readonly string[]): Promise<void> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const givenUp = performance.now() + PATIENCE_MILLISECONDS;
  try {
    for (const orderId of orderIds) {
      while (!(await isCompleted(`${ordersUrl}/${orderId}`, agent))) {
        if (performance.now() > givenUp)
          throw new Error(`${ordersUrl}/${orderId} is not COMPLETED`);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
      }
    }
  } finally {
    agent.destroy();
  }
}

async function isCompleted(url: string, agent: http.Agent): Promise<boolean> {
  const { status, text } = await request(url, { method: "GET", agent });
  return status === 200 && (JSON.parse(text) as { status: string }).status === "COMPLETED";
}

export function peerReport({ laptop, peer }: PeerResult): string {
  const rows: [string, (reading: PeerReading) => number][] = [
    ["completed by GET, orders/s", ({ completed }) => completed],
    ["accepted, orders/s", ({ perSecond }) => perSecond],
    ["p50 of a POST, ms", ({ p50 }) => p50],
    ["p99 of a POST, ms", ({ p99 }) => p99],
  ];
  return [
    `| ${CONNECTIONS} connections | laptop | peer | ratio |`,
    "| --- | ---: | ---: | ---: |",
    ...rows.map(([label, reading]) => {
      const [a, b] = [spreadOf(laptop.map(reading)), spreadOf(peer.map(reading))];
      return `| ${label} | ${text(a)} | ${text(b)} | ${(a.median / b.median).toFixed(2)} |`;
    }),
  ].join("\n");
}

function text({ median, min, max }: Spread): string {
  return `${median.toFixed(1)} (${min.toFixed(1)} to ${max.toFixed(1)})`;
}
