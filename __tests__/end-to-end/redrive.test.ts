import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { orderMessage } from "../../handlers/order-messages";
import { eventually } from "../support/eventually";
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

/** What `npm run redrive` runs. */
function run(args: string[], env: NodeJS.ProcessEnv): Promise<{ code: number; lines: string[] }> {
  const node = ["--require", "ts-node/register/transpile-only", "operations/main.ts"];
  return new Promise((resolve) => {
    const options = {
      cwd: PROJECT,
      env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true", ...env },
    };
    execFile(process.execPath, [...node, ...args], options, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), lines: (stdout + stderr).trim().split("\n") });
    });
  });
}

function redrive(...args: string[]) {
  return run(["--endpoint", new URL(laptop.output("apiUrl")).origin, ...args], {});
}

describe("npm run redrive on a deployed stack", () => {
  const aws = () => ({
    AWS_ENDPOINT_URL: laptop.awsEndpoint,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  });

  it("takes the names from flags", async () => {
    const table = ["--table", laptop.output("tableName")];
    const queue = ["--queue-url", laptop.output("queueUrl"), "--region", laptop.region];
    expect(await run([...table, ...queue], aws())).toEqual({
      code: 0,
      lines: ["0 orders FAILED."],
    });
    expect(await run(table, aws())).toEqual({
      code: 1,
      lines: ["--table, --queue-url and --region go together"],
    });
  });

  it("asks Pulumi for the names, or says that it cannot", async () => {
    const bin = mkdtempSync(path.join(tmpdir(), "order-processing-bin-"));
    const { tableName, queueUrl } = laptop.outputs;
    // Stands in for the CLI, which needs an account: prints what it would, for the stack asked for.
    const script = `#!/bin/sh
case "$*" in
"stack output --json --stack prod") echo '${JSON.stringify({ tableName, queueUrl })}' ;;
"config get aws:region --stack prod") echo ${laptop.region} ;;
*) exit 1 ;;
esac`;
    writeFileSync(path.join(bin, "pulumi"), script, { mode: 0o755 });
    const found = await run(["--stack", "prod"], { ...aws(), PATH: bin + path.delimiter + "/bin" });
    expect(found).toEqual({ code: 0, lines: ["0 orders FAILED."] });
    rmSync(bin, { recursive: true });
    expect(await run([], { ...aws(), PATH: bin })).toEqual({
      code: 1,
      lines: ["pulumi is not installed here: give --table, --queue-url and --region instead"],
    });
  });
});

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

    // Or a last retry of the first worker would still find the order, and complete it.
    await eventually("its worker to give up", () =>
      laptop.invocations("process-order").some(({ log }) => JSON.stringify(log).includes(orderId)),
    );
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
