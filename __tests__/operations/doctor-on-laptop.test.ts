import { execFile } from "node:child_process";
import * as path from "node:path";
import { orderMessage } from "../../handlers/order-message";
import { eventually } from "../../harness/eventually";
import { type Laptop, startLaptop } from "../../harness/laptop";
import { runDoctor } from "../../operations/doctor/doctor";
import { aRequest, isNotified } from "../support/orders";

const PROJECT = path.join(__dirname, "..", "..");
const UNKNOWN = "0b7c2f6e-4a8e-4f1d-9a51-2f0d6a1c9e77";

let laptop: Laptop;
beforeAll(async () => {
  laptop = await startLaptop();
});
afterAll(() => laptop.stop());

/** What `npm run <command>` runs. */
function run(command: string, args: string[], env: NodeJS.ProcessEnv = {}) {
  const main = `operations/${command}/main.ts`;
  const node = ["--require", "./command-line/register-typescript.cjs", main, ...args];
  return new Promise<{ code: number; lines: string[] }>((resolve) => {
    const options = { cwd: PROJECT, env: { ...process.env, ...env } };
    execFile(process.execPath, node, options, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), lines: (stdout + stderr).trim().split("\n") });
    });
  });
}

const endpoint = () => new URL(laptop.output("apiUrl")).origin;

/** The doctor's `level text` by section. */
async function examine({ clearHints = false, endpoint: at = endpoint() } = {}) {
  const names = { kind: "laptop" as const, endpoint: at };
  const { sections, ...verdict } = await runDoctor({ json: false, clearHints, names }, new Date());
  const entries = sections.map(({ title, findings }) => [
    title,
    findings.map(({ level, text }) => `${level} ${text}`),
  ]);
  return { ...verdict, seen: Object.fromEntries(entries) as Record<string, string[]> };
}

async function deadLettersAre(count: number) {
  await eventually(`${count} dead letters`, async () => {
    const { seen } = await examine();
    return seen["queues"]?.some((text) => text.includes(` ${count} dead letters`));
  });
}

describe("npm run doctor on the laptop", () => {
  it("sees everything, and a well stack", async () => {
    const { verdict, seen } = await examine();
    expect(
      Object.values(seen)
        .flat()
        .filter((text) => text.startsWith("unseen")),
    ).toEqual([]);
    expect(verdict).toBe("well");
    expect(seen["schedule"]?.[0]).toBe("ok the schedule is enabled");
    expect(seen["config"]).toEqual([
      "ok what can be seen is deployed as this checkout's config wants it",
    ]);
    const { code, lines } = await run("doctor", ["--json", "--endpoint", endpoint()]);
    expect([code, JSON.parse(lines.join("\n"))]).toEqual([0, expect.objectContaining({ verdict })]);
  });

  it("tells dead letters apart, and deletes the ones that nobody needs", async () => {
    const orderId = await laptop.accepted(aRequest);
    await laptop.until(orderId, "notified", isNotified);
    await laptop.send("deadLetterQueueUrl", orderMessage(orderId));
    await laptop.send("deadLetterQueueUrl", orderMessage(UNKNOWN));
    await laptop.send("deadLetterQueueUrl", "garbage");
    expect((await examine()).seen["queues"]).toEqual(
      expect.arrayContaining([
        "ok 3 dead letters",
        "ok 1 about orders that are in the table: nobody needs these messages",
        `warning 1 about orders that are not in the table: ${UNKNOWN}`,
        expect.stringMatching(/^warning 1 about no order: message /),
      ]),
    );
    const { verdict, seen } = await examine({ clearHints: true });
    expect(seen["hints"]).toEqual(["ok 1 dead letter deleted, 2 left"]);
    expect(verdict).toBe("well");
    await deadLettersAre(2);
  });
});

describe("npm run smoke and npm run logs on the laptop", () => {
  it("follow one order to its notification, and show its entries over all functions", async () => {
    const smoke = await run("smoke", ["--endpoint", endpoint()]);
    expect(smoke).toMatchObject({
      code: 0,
      lines: expect.arrayContaining([expect.stringMatching(/^notified +\d+ ms$/)]),
    });
    expect(smoke.lines.at(-1)).toBe("passed");
    const [, orderId = ""] = /order (\S+) of smoke-test/.exec(smoke.lines.join("\n")) ?? [];
    const [logs, replays] = await Promise.all([
      run("logs", ["--endpoint", endpoint(), orderId]),
      run("logs", ["--endpoint", endpoint(), "--match", "order replayed"]),
    ]);
    expect(logs).toMatchObject({
      code: 0,
      lines: expect.arrayContaining([
        expect.stringMatching(/Z {2}create-order {6}INFO {3}order accepted/),
        expect.stringMatching(/Z {2}process-order {5}INFO {3}order completed/),
        expect.stringMatching(/Z {2}notify {2}COMPLETED/),
      ]),
    });
    expect(replays).toMatchObject({
      code: 0,
      lines: [expect.stringContaining("order replayed  ")],
    });
    expect(replays.lines[0]).toContain(`orderId=${orderId}`);
  });
});

describe("the commands on a closed laptop", () => {
  let closed: Laptop;
  beforeAll(async () => {
    // Nobody listens there: the issuer is down.
    const standIns = { "https://issuer.example.com": "http://127.0.0.1:9" };
    closed = await startLaptop({ stack: "closed", standIns });
  });
  afterAll(() => closed.stop());
  const at = () => new URL(closed.output("apiUrl")).origin;

  it("need a token, and say how to get one", async () => {
    const env = { ORDERS_TOKEN: "" };
    const runs = await Promise.all([
      run("smoke", ["--endpoint", at()], env),
      run("acceptance", ["--endpoint", at(), "--yes-on", "closed"], env),
    ]);
    for (const { code, lines } of runs) {
      expect(code).toBe(1);
      expect(lines[0]).toContain("the stack closed is closed: set ORDERS_TOKEN to a token of ");
      expect(lines[1]).toContain("export ORDERS_TOKEN=$(npm run -s token -- --");
    }
  });

  it("see that the issuer's keys cannot be had, and that no refused token is a failure", async () => {
    const { lines } = await run("token", ["--customer", "smoke-test", "--endpoint", at()]);
    expect(lines).toEqual([expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/)]);
    const headers = { Authorization: `Bearer ${lines[0] ?? ""}` };
    const response = await fetch(`${closed.output("apiUrl")}orders`, { headers });
    expect(response.status).toBe(503);
    const { verdict, seen } = await examine({ endpoint: at() });
    expect(verdict).toBe("well");
    const functions = seen["functions"] ?? [];
    expect(functions).toContain(
      "ok authorize-caller: 1 invocations in the last hour, 1 ended with a token refused or an error",
    );
    expect(functions).toContainEqual(
      expect.stringMatching(
        /^warning authorize-caller: last error .*: the issuer's signing keys cannot be had .*503/,
      ),
    );
    const logs = await run("logs", ["--endpoint", at(), "--match", "signing keys"]);
    expect(logs.lines[0]).toContain("authorize-caller");
  });
});

describe("npm run doctor", () => {
  it("exits with 2 where it cannot tell: without Pulumi, with a wrong option", async () => {
    const [bare, wrong] = await Promise.all([
      run("doctor", [], { PATH: __dirname }),
      run("doctor", ["--foo"]),
    ]);
    expect(bare).toEqual({
      code: 2,
      lines: [expect.stringMatching(/^cannot tell: pulumi is not installed here: get it from /)],
    });
    expect(wrong).toEqual({ code: 2, lines: [expect.stringMatching(/^Unknown option '--foo'/)] });
  });
});
