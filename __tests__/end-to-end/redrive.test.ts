import { execFile } from "node:child_process";
import * as path from "node:path";
import { orderMessage } from "../../handlers/order-messages";
import { startLaptop, type Laptop } from "../support/laptop";
import { aRequest } from "../support/orders";

const PROJECT = path.join(__dirname, "..", "..");
let workersFail = true;
let laptop: Laptop;

beforeAll(async () => {
  laptop = await startLaptop({
    faults: ({ caller }) => (workersFail && caller === "process-order" ? "throttled" : undefined),
  });
});
afterAll(() => laptop.stop());

/** What `npm run redrive` runs, against the running stack. */
function redrive(...args: string[]): Promise<{ code: number; lines: string[] }> {
  const endpoint = new URL(laptop.output("apiUrl")).origin;
  const node = ["--require", "ts-node/register/transpile-only", "operations/main.ts"];
  const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...node, "--endpoint", endpoint, ...args],
      { cwd: PROJECT, env },
      (error, stdout, stderr) => {
        resolve({ code: Number(error?.code ?? 0), lines: (stdout + stderr).trim().split("\n") });
      },
    );
  });
}

describe("npm run redrive on the laptop", () => {
  it("finds a FAILED order, queues it again, and it completes", async () => {
    const orderId = await laptop.accepted(aRequest);
    const other = await laptop.accepted(aRequest);
    await laptop.send("deadLetterQueueUrl", orderMessage(orderId));
    await laptop.until(
      orderId,
      "told that it FAILED",
      ({ status, notifiedAt }) => status === "FAILED" && notifiedAt !== undefined,
    );

    const listed = await redrive();
    expect(listed).toEqual({
      code: 0,
      lines: [
        expect.stringMatching(new RegExp(`^${orderId}  failed \\d+ s ago  The order could not`)),
        "1 order FAILED. Name those to redrive, or --all.",
      ],
    });
    expect(await redrive("--all", "--dry-run")).toMatchObject({ code: 0 });
    expect(await laptop.get(orderId)).toMatchObject({ status: "FAILED" });
    expect(await redrive(other, "no-such-order")).toEqual({
      code: 1,
      lines: [
        `${other}  is RECEIVED, not FAILED`,
        "no-such-order  there is no such order",
        "0 orders queued again, 0 could not be queued, 2 refused.",
      ],
    });

    workersFail = false;
    const redriven = await redrive(orderId);
    expect(redriven).toEqual({
      code: 0,
      lines: ["1 order queued again, 0 could not be queued, 0 refused."],
    });
    const order = await laptop.until(
      orderId,
      "COMPLETED and told",
      ({ status, notifiedAt }) => status === "COMPLETED" && notifiedAt !== undefined,
    );
    expect(order).not.toHaveProperty("failureReason");
    expect((await redrive()).lines).toEqual(["0 orders FAILED."]);
  });
});
