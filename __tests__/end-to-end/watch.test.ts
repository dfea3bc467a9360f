import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { Order } from "../../handlers/order";
import { eventually } from "../../harness/eventually";
import { type Laptop, startLaptop } from "../../harness/laptop";
import { copyProject } from "../../harness/project-copy";
import type { StackEvent } from "../../laptop/events";
import { aRequest } from "../support/orders";

type Watched = Extract<StackEvent, { kind: "watch" }>;

// Each evaluation takes its time on a busy machine.
jest.setTimeout(240_000);

const ORDERS = 50;
/** The business step, which takes a while and says by which code it was run. */
const stepOf = (version: string) => `
  import { setTimeout } from "node:timers/promises";
  export async function fulfilOrder() {
    await setTimeout(300);
    return { totals: { quantity: 1, total: "${version}" } };
  }
  export async function abandonOrder() {}`;

const copy = copyProject({ "handlers/fulfil-order.ts": stepOf("1") });
let laptop: Laptop;

beforeAll(async () => {
  laptop = await startLaptop({ directory: copy.directory, watch: true });
});
afterAll(async () => {
  await laptop.stop();
  copy.remove();
});

const watched = () => laptop.events.filter((event): event is Watched => event.kind === "watch");
const warnings = () =>
  laptop.events.flatMap((event) => (event.kind === "warning" ? [event.text] : []));
const textOf = (file: string) => readFileSync(path.join(copy.directory, file), "utf8");

/** Saves files at once, and gives what has become of them. */
async function saveAll(files: Record<string, string>): Promise<Watched> {
  const before = watched().length;
  for (const [file, text] of Object.entries(files)) {
    writeFileSync(path.join(copy.directory, file), text);
  }
  return eventually("the program to be evaluated again", () => watched()[before]);
}

function save(file: string, text: string): Promise<Watched> {
  return saveAll({ [file]: text });
}

function edited(file: string, from: string, to: string): string {
  const text = textOf(file);
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
  return text.replace(from, to);
}

function edit(file: string, from: string, to: string): Promise<Watched> {
  return save(file, edited(file, from, to));
}

/** Posts an order; gives the version of the step that has completed it. */
async function versionOf(orderId: string): Promise<string> {
  const { totals } = await eventually(`${orderId} to end`, async () => {
    const response = await laptop.fetch(`${laptop.output("apiUrl")}orders/${orderId}`);
    const order = (await response.json()) as Order;
    return order.status === "COMPLETED" ? order : undefined;
  });
  return JSON.stringify(totals);
}

describe("a watched program", () => {
  it("runs a saved step for orders from then on, and loses none of those in flight", async () => {
    const accepted = () => laptop.accepted(aRequest);
    const before = await Promise.all(Array.from({ length: ORDERS }, accepted));
    const event = await save("handlers/fulfil-order.ts", stepOf("2"));
    expect(event).toMatchObject({
      files: ["handlers/fulfil-order.ts"],
      changes: { live: ['function "process-order"'], gone: [] },
    });
    expect(await versionOf(await accepted())).toContain('"2"');
    const versions = await Promise.all(before.map(versionOf));
    expect(versions.every((version) => /"total":"[12]"/.test(version))).toBe(true);
    const failed = laptop.invocations("process-order").filter(({ error }) => error !== undefined);
    expect(failed).toEqual([]);
  });

  it("goes on as it was when it cannot be compiled, or fails, until it is right again", async () => {
    const event = await save("handlers/fulfil-order.ts", "export const = 3;");
    expect(event).toMatchObject({ failure: expect.stringContaining("fulfil-order.ts(1,14)") });
    expect(await versionOf(await laptop.accepted(aRequest))).toContain('"2"');

    const thrown = await save("handlers/fulfil-order.ts", 'throw new Error("not today");');
    expect(thrown).toMatchObject({ failure: expect.stringContaining("not today") });
    expect(await versionOf(await laptop.accepted(aRequest))).toContain('"2"');

    const mended = await save("handlers/fulfil-order.ts", stepOf("3"));
    expect(mended).toMatchObject({ changes: { live: ['function "process-order"'] } });
    expect(await versionOf(await laptop.accepted(aRequest))).toContain('"3"');
  });

  it("keeps its tables, and says what pulumi up would do", async () => {
    const key = 'hashKey: "orderId",\n';
    const event = await edit("infra/orders-table.ts", key, 'hashKey: "number",\n');
    expect(event).toMatchObject({ changes: { live: [], gone: [] } });
    expect(warnings().at(-1)).toBe(
      'table "orders": pulumi up would replace it for hashKey, and its items would be lost. ' +
        "Here it stays as it is until a restart",
    );
    expect(await laptop.countOrders()).toBeGreaterThan(ORDERS);
    await edit("infra/orders-table.ts", 'hashKey: "number",\n', key);
    expect(await versionOf(await laptop.accepted(aRequest))).toContain('"3"');
  });

  // Each evaluation takes seconds: what is given back is saved with what comes next.
  it("takes over its config, a function's environment and its routes, and what they were before", async () => {
    const config = textOf("Pulumi.dev.yaml");
    const index = textOf("index.ts");
    const variable = "MAX_ATTEMPTS: String(processing.maxAttempts),";
    const event = await saveAll({
      "Pulumi.dev.yaml": `${config.trimEnd()}\n  order-processing:requireApiKey: true\n`,
      "index.ts": edited("index.ts", variable, 'MAX_ATTEMPTS: "7",'),
    });
    expect(event.files.toSorted()).toEqual(["Pulumi.dev.yaml", "index.ts"]);
    expect(event).toMatchObject({
      changes: { live: expect.arrayContaining(['function "process-order"']) },
    });
    expect((await laptop.post(aRequest)).status).toBe(403);
    const variables = laptop.functions.configurations.get("process-order")?.Environment.Variables;
    expect(variables?.["MAX_ATTEMPTS"]).toBe("7");

    const route =
      '{ method: "GET", path: "/orders/{orderId}/history", function: getOrder.function },';
    const removed = await saveAll({
      "Pulumi.dev.yaml": config,
      "index.ts": edited("index.ts", route, ""),
    });
    expect(removed).toMatchObject({
      changes: { live: expect.arrayContaining(['rest api "orders"']) },
    });
    const orderId = await laptop.accepted(aRequest);
    const history = () => laptop.fetch(`${laptop.output("apiUrl")}orders/${orderId}/history`);
    expect((await history()).status).not.toBe(200);

    await save("index.ts", index);
    expect((await history()).status).toBe(200);
  });
});
