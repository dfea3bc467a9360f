import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { makeOrdersTable } from "../../handlers/aws/orders-table";
import { FAILURE_REASON } from "../../handlers/life";
import type { Notification } from "../../handlers/notification";
import { eventually } from "../../harness/eventually";
import { type Laptop, startLaptop } from "../../harness/laptop";
import { variablesOf } from "../../harness/overrides";
import { copyProject } from "../../harness/project-copy";
import { anOrder, aRequest, isNotified } from "../support/orders";

const PROJECT = path.join(__dirname, "..", "..");
const DAY_MILLISECONDS = 86_400_000;
/** More than one page of a shelf. */
const MANY = 501;
const UNKNOWN = "0b7c2f6e-4a8e-4f1d-9a51-2f0d6a1c9e77";

const faultyStep = path.join(__dirname, "..", "fixtures", "faulty-fulfil-order.ts");
const copy = copyProject({ "handlers/fulfil-order.ts": readFileSync(faultyStep, "utf8") });
let laptop: Laptop;
let readNotifications: () => Promise<Notification[]>;

beforeAll(async () => {
  laptop = await startLaptop({
    directory: copy.directory,
    config: { "order-processing:processing": { timeoutSeconds: 2, maxAttempts: 1 } },
    override: variablesOf("process-order", { BACKOFF_SECONDS: 0.1 }),
  });
  readNotifications = await laptop.subscribe("customer");
});
afterAll(async () => {
  await laptop.stop();
  copy.remove();
});

function nextNotification(): Promise<Notification> {
  return eventually("a notification", async () => (await readNotifications())[0]);
}

/** What `npm run redrive` runs. */
function run(args: string[], env: NodeJS.ProcessEnv): Promise<{ code: number; lines: string[] }> {
  const node = [
    "--require",
    "./command-line/register-typescript.cjs",
    "operations/redrive/main.ts",
  ];
  return new Promise((resolve) => {
    const options = { cwd: PROJECT, env: { ...process.env, ...env } };
    execFile(process.execPath, [...node, ...args], options, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), lines: (stdout + stderr).trim().split("\n") });
    });
  });
}

function redrive(...args: string[]) {
  return run(["--endpoint", new URL(laptop.output("apiUrl")).origin, ...args], {});
}

function ordersTable() {
  return makeOrdersTable(laptop.dynamodb, laptop.output("tableName"), randomUUID);
}

/** Straight into the table and without a message: nothing happens to it before a day is over. */
async function storeOpen(orderId: string): Promise<void> {
  const order = anOrder({ orderId, createdAt: new Date().toISOString() });
  const { ok } = await ordersTable().acceptOrder(order, "", Date.now() + DAY_MILLISECONDS);
  expect(ok).toBe(true);
}

async function storeFailed(orderId: string, failedAt: Date): Promise<void> {
  await storeOpen(orderId);
  const table = ordersTable();
  const { stored } = await table.claimNewOrder(orderId, { workUntil: 1, leaseUntil: 1 }, failedAt);
  if (!stored) throw new Error("the order was not claimed");
  const end = { status: "FAILED" as const, reason: "no stock" };
  const failed = await table.endOrder(stored, end, undefined, failedAt);
  if (failed.stored) await table.recordNotified(failed.stored, failedAt);
}

describe("npm run redrive on a deployed stack", () => {
  const aws = () => ({
    AWS_ENDPOINT_URL: laptop.awsEndpoint,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  });
  const none = { code: 0, lines: ["0 orders FAILED and notified."] };

  it("takes the names from flags", async () => {
    const table = ["--table", laptop.output("tableName")];
    const queue = ["--queue-url", laptop.output("queueUrl"), "--region", laptop.region];
    expect(await run([...table, ...queue], aws())).toEqual(none);
    expect(await run(table, aws())).toEqual({
      code: 1,
      lines: ["--table, --queue-url and --region go together"],
    });
  });

  it("asks Pulumi for the names, or reports that it is not installed", async () => {
    const bin = mkdtempSync(path.join(tmpdir(), "order-processing-bin-"));
    // Stands in for the CLI, which needs an account: prints what it would, for the stack asked for.
    const script = `#!/bin/sh
case "$*" in
"stack output --json --stack prod") echo '${JSON.stringify(laptop.outputs)}' ;;
*) exit 1 ;;
esac`;
    writeFileSync(path.join(bin, "pulumi"), script, { mode: 0o755 });
    const found = await run(["--stack", "prod"], { ...aws(), PATH: bin + path.delimiter + "/bin" });
    expect(found).toEqual(none);
    rmSync(bin, { recursive: true });
    expect(await run([], { ...aws(), PATH: bin })).toEqual({
      code: 1,
      lines: [expect.stringMatching(/^pulumi is not installed here: .* give --outputs <file>/)],
    });
  });

  it("reports an unknown option in a sentence", async () => {
    expect(await run(["--foo"], {})).toEqual({
      code: 1,
      lines: [expect.stringMatching(/^Unknown option '--foo'/)],
    });
  });
});

describe("npm run redrive on the laptop", () => {
  it("gives a FAILED order a new life, at whose end its customer is notified again", async () => {
    const metadata = { step: "throw in the first life" };
    const orderId = await laptop.accepted({ ...aRequest, metadata });
    await laptop.until(orderId, "notified", isNotified);
    const first = { orderId, status: "FAILED", redrives: 0, reason: FAILURE_REASON };
    expect(await nextNotification()).toMatchObject(first);
    expect(await redrive()).toEqual({
      code: 0,
      lines: [
        expect.stringMatching(
          new RegExp(`^${orderId}  failed \\d+ s ago  redrives 0  ${FAILURE_REASON}$`),
        ),
        "1 order FAILED and notified. Name those to redrive, or --all.",
      ],
    });
    expect((await redrive(orderId, "--dry-run")).lines).toEqual([
      "Dry run: 1 order would be redriven, 0 refused.",
    ]);
    expect(await laptop.get(orderId)).toMatchObject({ status: "FAILED" });

    expect(await redrive(orderId, orderId)).toEqual({
      code: 0,
      lines: ["1 order redriven, 0 refused, 0 not reached."],
    });
    const order = await laptop.until(
      orderId,
      "COMPLETED and notified",
      ({ status, notifiedAt }) => status === "COMPLETED" && notifiedAt !== undefined,
    );
    expect(order).not.toHaveProperty("reason");
    expect(order).not.toHaveProperty("failedAt");
    expect(await nextNotification()).toMatchObject({ orderId, status: "COMPLETED", redrives: 1 });

    expect(await redrive(orderId, UNKNOWN, "no-such-order")).toEqual({
      code: 1,
      lines: [
        "no-such-order  is not an order's id",
        `${orderId}  is COMPLETED, not FAILED, and notified: nothing is left to do`,
        `${UNKNOWN}  there is no such order`,
        "0 orders redriven, 3 refused, 0 not reached.",
      ],
    });
    expect((await redrive()).lines).toEqual(["0 orders FAILED and notified."]);
  });

  it("redrives all orders that failed within limits, once confirmed", async () => {
    const days = (count: number) => new Date(Date.now() - count * DAY_MILLISECONDS);
    const [recent, older, oldest] = ["c", "a", "b"].map((digit) => digit + UNKNOWN.slice(1));
    if (!recent || !older || !oldest) throw new Error("three orders");
    await storeFailed(recent, days(1));
    await storeFailed(older, days(2));
    await storeFailed(oldest, days(3));
    const listed = (await redrive()).lines.map((line) => line.split(" ")[0]);
    expect(listed.slice(0, 3)).toEqual([oldest, older, recent]);

    const limits = ["--all", "--newer-than", "60h", "--older-than", "1h"];
    const counted = expect.stringMatching(
      /^2 orders FAILED and notified; the oldest failed 2 d ago \(.*\), the newest 1 d ago \(.*\)\.$/,
    );
    expect(await redrive(...limits)).toEqual({
      code: 1,
      lines: [
        counted,
        "There is no terminal to ask: --yes redrives them without a question. None was redriven.",
      ],
    });
    expect(await redrive(...limits, "--yes")).toEqual({
      code: 0,
      lines: [counted, "2 orders redriven, 0 refused, 0 not reached."],
    });
    for (const orderId of [recent, older]) {
      await laptop.until(orderId, "COMPLETED", ({ status }) => status === "COMPLETED");
    }
    expect(await laptop.get(oldest)).toMatchObject({ status: "FAILED" });
  });

  it("lists all that is open, page by page", async () => {
    const ids = Array.from({ length: MANY }, (_, n) => `d${String(n).padStart(7, "0")}`);
    const orderIds = ids.map((id) => id + UNKNOWN.slice(8));
    for (let i = 0; i < MANY; i += 50) await Promise.all(orderIds.slice(i, i + 50).map(storeOpen));
    const { code, lines } = await redrive("--open");
    expect(code).toBe(0);
    expect(lines).toHaveLength(MANY + 1);
    expect(lines.slice(0, -1).sort().at(-1)).toMatch(
      new RegExp(`^${orderIds.at(-1)}  RECEIVED    attempt 0  next look in 23 h  age \\d+ s$`),
    );
    expect(lines.at(-1)).toBe(`${MANY} orders open, 0 overdue.`);
  });
});
