import { readFileSync } from "node:fs";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { eventually } from "../../harness/eventually";
import { type Laptop, startLaptop } from "../../harness/laptop";
import { withFreePort } from "../../laptop/inspection";
import { attachDebugger } from "../support/debugger";
import { aRequest } from "../support/orders";

const FILE = path.join(__dirname, "..", "..", "handlers", "fulfil-order.ts");
/** A line of the business step, and one in a function that it calls. */
const LINES = [
  "return { totals: totalsOf(order) };",
  "return { units, amount: amount.toNumber() };",
];

describe("npm start -- --inspect process-order", () => {
  let laptop: Laptop;
  let port: number;

  beforeAll(async () => {
    const inspect = await withFreePort({ function: "process-order", port: 0 });
    port = inspect.port;
    laptop = await startLaptop({ inspect });
  });
  afterAll(() => laptop.stop());

  it("stops at lines of the business step's TypeScript, and completes the order afterwards", async () => {
    const source = readFileSync(FILE, "utf8").split("\n");
    const lines = LINES.map((text) => source.findIndex((line) => line.includes(text)) + 1);
    const client = await attachDebugger(port);
    for (const line of lines) await client.breakAt({ file: "handlers/fulfil-order.ts", line });

    const orderId = await laptop.accepted(aRequest);
    for (const line of lines) {
      expect(await client.paused()).toEqual({ file: pathToFileURL(FILE).href, line });
      await client.resume();
    }
    client.close();
    await laptop.until(orderId, "completed", ({ status }) => status === "COMPLETED");
    const [invocation] = await eventually("the invocation to end", () => {
      const ended = laptop.invocations("process-order");
      return ended.length > 0 && ended;
    });
    // Nothing of the debugger's is in the function's log.
    const messages = invocation?.log.flatMap((entry) => ("_aws" in entry ? [] : [entry.message]));
    expect(messages).toEqual(["order completed"]);
  });
});
