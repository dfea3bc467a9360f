import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { json } from "node:stream/consumers";
import { parseOrderRequest } from "../../handlers/order-request";
import { copyProject } from "../../harness/project-copy";
import { type LoopbackServer, startLoopbackServer } from "../../laptop/loopback-server";
import { postLines } from "../../laptop/post-lines";
import { readPosting } from "../../laptop/posting";

const PROJECT = path.join(__dirname, "..", "..");
const EXAMPLE = path.join(PROJECT, "examples", "orders.jsonl");
const directory = mkdtempSync(path.join(tmpdir(), "order-processing-lines-"));
const file = path.join(directory, "some.jsonl");

interface Answer {
  status: number;
  body?: object;
  headers?: Record<string, string>;
}

/** What each request is answered with, by its `id` and how often that has come. */
let answer: (id: string, times: number) => Answer = () => ({ status: 202 });
const keys = new Map<string, Set<unknown>>();
const times = new Map<string, number>();
const paths = new Set<string>();
let server: LoopbackServer;

beforeAll(async () => {
  const http = createServer((request, response) => {
    paths.add(
      `${request.method ?? ""} ${request.url ?? ""} ${String(request.headers["x-api-key"])}`,
    );
    void json(request).then((value) => {
      const { id } = value as { id: string };
      times.set(id, (times.get(id) ?? 0) + 1);
      keys.set(id, (keys.get(id) ?? new Set()).add(request.headers["idempotency-key"]));
      const { status, body = {}, headers = {} } = answer(id, times.get(id) ?? 0);
      response.writeHead(status, headers).end(JSON.stringify(body));
    });
  });
  server = await startLoopbackServer(http, 0);
});
beforeEach(() => [keys, times, paths].forEach((each) => each.clear()));
afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

const pauses: number[] = [];
function postAll(...lines: string[]): Promise<string[]> {
  writeFileSync(file, `${lines.join("\n")}\n`);
  const target = { apiUrl: `${server.url}/dev/`, apiKey: "secret" };
  const pause = (milliseconds: number) => Promise.resolve(pauses.push(milliseconds));
  return postLines(readPosting(PROJECT, file), target, { pause });
}
const ids = (count: number) => Array.from({ length: count }, (_each, i) => `{ "id": "${i}" }`);

describe("posting a file of orders", () => {
  it("posts each line to the program's route, and counts the accepted ones", async () => {
    answer = () => ({ status: 202 });
    const lines = ids(30);
    expect(await postAll("", ...lines)).toEqual([
      `orders: 30 of 30 lines of ${file} were accepted`,
    ]);
    expect([...paths]).toEqual(["POST /dev/orders secret"]);
    expect(times.size).toBe(30);
  });

  it("says what is wrong with the first lines that are refused, and goes on", async () => {
    const errors = [{ pointer: "/items/0/quantity", detail: "must be a whole number" }];
    answer = (id) =>
      id === "0"
        ? { status: 400, body: { detail: "The order has violations.", errors } }
        : { status: id === "1" ? 413 : 202, body: { detail: "The order is \u001b[2J too large." } };
    expect(await postAll(...ids(3), "{ nonsense", "", ...Array<string>(4).fill("no"))).toEqual([
      `orders: 1 of 8 lines of ${file} were accepted`,
      "orders: line 1: 400 /items/0/quantity must be a whole number",
      String.raw`orders: line 2: 413 The order is \u001b[2J too large.`,
      "orders: line 4: it is not JSON, and was not posted",
      "orders: line 6: it is not JSON, and was not posted",
      "orders: line 7: it is not JSON, and was not posted",
      "orders: 2 more lines were not accepted",
    ]);
  });

  it("repeats a request that may succeed the next time, under the same key", async () => {
    const passing: Answer[] = [
      { status: 429 },
      { status: 503, headers: { "Retry-After": "7" } },
      { status: 202 },
    ];
    answer = (_id, count) => passing[count - 1] ?? { status: 500 };
    pauses.length = 0;
    expect(await postAll(...ids(1))).toEqual([`orders: 1 of 1 lines of ${file} were accepted`]);
    expect(keys.get("0")?.size).toBe(1);
    expect(pauses).toEqual([expect.any(Number), 7000]);
  });

  it("gives up on a line after eight tries", async () => {
    answer = () => ({ status: 503, body: { detail: "Busy." } });
    expect(await postAll(...ids(1))).toContain("orders: line 1: 503 Busy.");
    expect(times.get("0")).toBe(8);
  });

  it("ends where the API asks for a token", async () => {
    answer = () => ({ status: 401 });
    const [summary, problem] = await postAll(...ids(100));
    expect(summary).toBe(`orders: 0 of 100 lines of ${file} were accepted`);
    expect(problem).toContain("line 1: the API asks for a token, which --orders has not");
    expect(times.size).toBeLessThan(100);
  });
});

describe("--orders", () => {
  it("names a file that cannot be read", () => {
    expect(() => readPosting(PROJECT, path.join(directory, "none"))).toThrow("--orders: ENOENT");
  });

  it("needs a route in package.json", () => {
    const copy = copyProject({ "package.json": "{}" });
    expect(() => readPosting(copy.directory, EXAMPLE)).toThrow("package.json names no route");
    copy.remove();
  });

  it("has an example, of twelve valid orders", () => {
    const lines = readFileSync(EXAMPLE, "utf8").trim().split("\n");
    expect(lines).toHaveLength(12);
    expect(lines.filter((line) => !parseOrderRequest(line).ok)).toEqual([]);
  });
});
