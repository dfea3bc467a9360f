import type { Page } from "playwright-core";
import type { HistoryEntry } from "../../handlers/history";
import { eventually } from "../../harness/eventually";
import type { Item, Trace } from "../../laptop/console/protocol";
import { startBreakableProxy } from "../support/breakable-proxy";
import {
  type BrowsedConsole,
  screenshot,
  startConsole,
  tea,
  violationsOn,
} from "../support/console-in-browser";

const MARKUP = "<img src=x onerror=alert(1)>";

let console: BrowsedConsole;
let page: Page;
/** The first order, whose calls are throttled. */
let retried: string;
/** Of its request. */
let trace: string;
let failed: string;

beforeAll(async () => {
  console = await startConsole();
  page = await console.open();
}, 120_000);
afterAll(() => console.stop());

const rowOf = (of: Page, orderId: string) => of.getByRole("row", { name: orderId });

describe("the console of a stack in which nothing has happened", () => {
  it("says what to do next, and what the program has registered", async () => {
    await page.getByRole("heading", { name: "Nothing has happened yet" }).waitFor();
    expect(await page.getByRole("main").getByRole("code").textContent()).toContain(
      `curl -i -X POST '${console.laptop.output("apiUrl")}orders'`,
    );
    const picture = page.getByRole("group", { name: "Map of the stack" });
    await picture.getByRole("link", { name: /^function process-order/ }).waitFor();
  });
});

describe("an order that was throttled, retried and completed", () => {
  beforeAll(async () => {
    const traces = await console.open("#/traces");
    await console.go(page, "#/items");
    await page.getByText("The table is empty.").waitFor();
    retried = await console.laptop.accepted(tea);
    await rowOf(page, retried).getByText("COMPLETED").waitFor();
    const row = traces.getByRole("row", { name: "POST /dev/orders" });
    await row.getByText("202", { exact: true }).waitFor();
    await row.getByText("trouble").waitFor();
    trace = (await row.getByRole("code").textContent()) ?? "";
    await traces.context().close();
  });

  it("has arrived in Items and Traces as it went", () => {
    expect(retried).toMatch(/^[\da-f-]{36}$/);
    expect(trace).toMatch(/^1-[\da-f]{8}-[\da-f]{24}$/);
  });

  it("shows each try in its waterfall", async () => {
    await page.getByRole("link", { name: retried }).click();
    await page.getByRole("link", { name: "POST /dev/orders" }).click();
    const waterfall = page.getByRole("region", { name: "Waterfall" });
    for (const name of [
      "request POST /dev/orders",
      "invocation create-order",
      "dynamodb PutItem orders",
      "sqs SendMessage orders",
      "wait in orders",
      "invocation process-order",
      "sns Publish order-events throttled",
    ]) {
      await waterfall.getByRole("button", { name }).waitFor();
    }
    await waterfall.getByText("order accepted").waitFor();
    await page.getByText("going on").waitFor({ state: "detached" });
    await screenshot(page, "order-light", 620);
    await waterfall.getByRole("button", { name: "UpdateItem orders throttled" }).click();
    const tries = waterfall.getByRole("table").getByRole("row");
    expect(await tries.getByRole("cell", { name: "throttled" }).count()).toBe(2);
    expect(await tries.nth(3).getByRole("cell").last().textContent()).toBe("ok");
  });

  it("shows the life that it led, at the times of its history", async () => {
    await console.go(page, `#/items/orders/${retried}`);
    const steps = page.getByRole("list", { name: "Statuses" }).getByRole("listitem");
    await steps.getByText("COMPLETED").waitFor();
    expect(await steps.locator("b").allTextContents()).toEqual([
      "RECEIVED",
      "PROCESSING",
      "COMPLETED",
    ]);
    const shown = await steps.getByRole("time").allTextContents();
    const url = `${console.laptop.output("apiUrl")}orders/${retried}/history`;
    const { history } = (await (await fetch(url)).json()) as { history: HistoryEntry[] };
    const moves = history.filter(({ change }) => change !== "notify");
    expect(moves.map(({ to }) => to)).toEqual(["RECEIVED", "PROCESSING", "COMPLETED"]);
    for (const [index, { at }] of moves.entries()) {
      // The function's clock, then the table's.
      expect(at.slice(11, 23) <= (shown[index] ?? "")).toBe(true);
    }
    await expectWithinInvocations(retried, history);
  });

  it("can be read in the dark, and on a narrow screen", async () => {
    const dark = await console.open(`#/traces/${trace}`, { colorScheme: "dark" });
    await dark.getByRole("region", { name: "Waterfall" }).waitFor();
    await screenshot(dark, "order-dark", 620);
    await dark.context().close();
    const viewport = { width: 400, height: 800 };
    const narrow = await console.open(`#/traces/${trace}`, { viewport });
    await narrow.getByRole("region", { name: "Waterfall" }).waitFor();
    await screenshot(narrow, "order-narrow", 960);
    await narrow.context().close();
  });
});

/** Each entry lies in the invocation that has written it, as the item's page and the traces say. */
async function expectWithinInvocations(orderId: string, history: HistoryEntry[]): Promise<void> {
  const { history: writes } = await console.ask<Item>(`items/orders/${orderId}`);
  const wrote = writes.filter(({ changes }) =>
    changes.some((each) => each.attribute === "history"),
  );
  expect(wrote).toHaveLength(history.length);
  for (const [index, { trace: id = "", requestId, at: writtenAt }] of wrote.entries()) {
    const { timeline } = await console.ask<Trace>(`traces/${id}`);
    const span = timeline.find(
      (each) => each.kind === "invocation" && each.requestId === requestId,
    );
    const { startedAt = Infinity, milliseconds = 0 } = span ?? {};
    const at = Date.parse(history[index]?.at ?? "");
    expect(at).toBeGreaterThanOrEqual(startedAt);
    expect(writtenAt).toBeGreaterThanOrEqual(at);
    expect(writtenAt).toBeLessThanOrEqual(startedAt + milliseconds);
  }
}

describe("orders that end otherwise", () => {
  it("show that they have failed, and why", async () => {
    await console.go(page, "#/items");
    failed = await console.laptop.accepted({ ...tea, metadata: { step: "throw" } });
    await rowOf(page, failed).getByText("FAILED").waitFor();
    await page.getByRole("link", { name: failed }).click();
    const steps = page.getByRole("list", { name: "Statuses" });
    await steps.getByText("FAILED").waitFor();
    await page
      .getByRole("definition")
      .getByText("The order could not be processed after several attempts.", { exact: true })
      .waitFor();
    await screenshot(page, "order-failed", 760);
    await page.getByRole("link", { name: "POST /dev/orders" }).click();
    await page.getByText("the warehouse is closed").first().waitFor();
    await page.getByText("trouble", { exact: true }).first().waitFor();
  });

  it("show that they were rejected", async () => {
    await console.go(page, "#/items");
    const rejected = await console.laptop.accepted({ ...tea, metadata: { step: "reject" } });
    await rowOf(page, rejected).getByText("REJECTED").waitFor();
    await page.getByRole("link", { name: rejected }).click();
    await page.getByRole("definition").getByText("card declined", { exact: true }).waitFor();
  });

  it("are shown as text, whatever they contain", async () => {
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await console.go(page, "#/items");
    const orderId = await console.laptop.accepted({ ...tea, customerId: MARKUP });
    await rowOf(page, orderId).getByText("COMPLETED").waitFor();
    await page.getByRole("link", { name: orderId }).click();
    await page.getByRole("definition").getByText(MARKUP, { exact: true }).waitFor();
    await page.getByRole("insertion").getByText(MARKUP).waitFor();
    expect(await page.locator("img, script:not([src])").count()).toBe(0);
    expect(asked.filter((url) => url.endsWith("/x"))).toEqual([]);
    expect(asked).not.toEqual([]);
  });
});

describe("breaking something", () => {
  const queue = () => page.getByRole("link", { name: /^queue orders(?!-)/ });

  it("cuts a service off by a button, shows it on the map, and ends it by another", async () => {
    const sqs = page.getByRole("group", { name: "sqs" });
    await console.go(page, "#/break");
    await page.getByRole("spinbutton", { name: "Seconds" }).fill("600");
    await sqs.getByRole("button", { name: "Cut off sqs" }).click();
    await sqs.getByText(/^cut-off for \d+ s$/).waitFor();
    const orderId = await console.laptop.accepted(tea);
    // More than the pollers that were waiting before get.
    const message = JSON.stringify({ orderId: retried });
    for (let n = 0; n < 12; n += 1) await console.laptop.send("queueUrl", message);

    await page.getByRole("link", { name: "Map" }).click();
    await queue()
      .filter({ hasText: /\D[1-9]\d? ?waiting/ })
      .waitFor();
    await queue().filter({ hasText: "cut-off" }).waitFor();
    await screenshot(page, "map-outage", 650);
    await queue().click();
    const panel = page.getByRole("complementary", { name: "orders" });
    await panel.getByText("sqs is cut-off").waitFor();
    await panel.getByText("waiting", { exact: true }).nth(1).waitFor();
    await panel.getByText(retried).first().waitFor();
    expect(await violationsOn(page)).toEqual([]);

    await panel.getByRole("link", { name: "End it" }).click();
    await page.getByRole("button", { name: "End it for sqs" }).click();
    await sqs.getByText("available").waitFor();
    await page.getByRole("link", { name: "Map" }).click();
    await queue()
      .filter({ hasText: /\D0 ?waiting ?0 ?in flight/ })
      .waitFor();
    // Its message was never sent: reconcile-orders sends another.
    await console.go(page, "#/items");
    await rowOf(page, orderId).getByText("COMPLETED").waitFor();
  });

  it("kills an execution environment by a button, and the order completes in another", async () => {
    const metadata = { step: "hang once", marker: console.marker("hung") };
    const orderId = await console.laptop.accepted({ ...tea, metadata });
    await console.go(page, "#/break");
    const busy = page
      .getByRole("listitem")
      .filter({ hasText: "process-order" })
      .filter({ hasText: "busy" });
    await busy.getByRole("button", { name: /^Kill process-order, pid \d+$/ }).click();
    await console.go(page, `#/items/orders/${orderId}`);
    await page.getByRole("list", { name: "Statuses" }).getByText("COMPLETED").waitFor();
    await page.getByRole("link", { name: "POST /dev/orders" }).click();
    const killed = /^invocation process-order killed by SIGKILL/;
    await page.getByRole("button", { name: killed }).waitFor();
    await page.getByRole("button", { name: "wait in orders, receive 2" }).waitFor();
  });

  it("runs a command of the program's, and shows what it prints", async () => {
    await console.go(page, "#/break");
    await page.getByRole("button", { name: "Run: Examine the stack" }).click();
    const output = page.getByLabel("Output of Examine the stack");
    await output.waitFor();
    await page.getByText(/^exit code \d$/).waitFor();
    expect(await output.textContent()).toContain("npm run redrive");
  });
});

describe("trying the API", () => {
  it("sends the contract's example, and shows the response with its trace", async () => {
    await console.go(page, "#/try");
    await page.getByRole("button", { name: "Create an order: Two items, with prices" }).click();
    await page.getByRole("button", { name: "Send" }).click();
    const response = page.getByRole("region", { name: "Response" });
    await response.getByText("202", { exact: true }).waitFor();
    await response.getByRole("link", { name: "See its trace" }).click();
    await page.getByRole("heading", { name: "POST /dev/orders" }).waitFor();
  });

  it("has the API's reference page, whose requests go to the running stack", async () => {
    await console.go(page, "#/try");
    await page.getByRole("link", { name: "API reference" }).click();
    await page.getByRole("button", { name: "Create an order" }).click();
    await page.getByRole("button", { name: "Execute" }).click();
    const response = page.getByRole("table").filter({ hasText: "Response headers" }).first();
    await response.getByRole("cell", { name: "202", exact: false }).first().waitFor();
  });
});

describe("a connection that breaks", () => {
  it("is resumed where it was, and nothing is lost", async () => {
    const proxy = await startBreakableProxy();
    const options = { server: proxy.url, bypass: "<-loopback>" };
    const away = await console.open("#/items", { proxy: options });
    await rowOf(away, retried).waitFor();
    proxy.cut();
    await away.getByText("connection lost, trying again").waitFor();
    const orderId = await console.laptop.accepted(tea);
    await console.laptop.until(orderId, "completed", ({ status }) => status === "COMPLETED");
    proxy.mend();
    await rowOf(away, orderId).getByText("COMPLETED").waitFor();
    await away.getByText("live", { exact: true }).waitFor();
    await rowOf(away, retried).waitFor();
    expect(proxy.lastEventIds[0]).toBeUndefined();
    expect(proxy.lastEventIds.at(-1)).toMatch(/^[\da-f-]{36}(?::\d+){4}$/);
    await away.context().close();
    await proxy.stop();
  });
});

describe("each page of the console", () => {
  const pages = (): [name: string, at: string, ready: (of: Page) => Promise<unknown>][] => [
    ["map", "#/", (of) => of.getByText("reconcile-orders").first().waitFor()],
    ["function", "#/map/function:process-order", (of) => of.getByLabel("Log").waitFor()],
    ["traces", "#/traces", (of) => of.getByRole("row").nth(1).waitFor()],
    ["trace", `#/traces/${trace}`, openTheThrottledCall],
    ["items", "#/items", (of) => rowOf(of, retried).waitFor()],
    [
      "item",
      `#/items/orders/${failed}`,
      (of) => of.getByRole("heading", { name: "History" }).waitFor(),
    ],
    ["try", "#/try", (of) => of.getByRole("button", { name: "Send" }).waitFor()],
    ["break", "#/break", (of) => of.getByRole("button", { name: "Cut off sqs" }).waitFor()],
    ["reference", "reference/", (of) => of.getByText("Create an order").first().waitFor()],
  ];
  const openTheThrottledCall = (of: Page) =>
    of.getByRole("button", { name: "UpdateItem orders throttled" }).click();

  it.each(["light", "dark"] as const)(
    "has no violation of axe-core's rules, %s",
    async (scheme) => {
      const opened = await console.open("", { colorScheme: scheme });
      const found: [string, string[]][] = [];
      for (const [name, at, ready] of pages()) {
        await console.go(opened, at);
        await ready(opened);
        found.push([name, await violationsOn(opened)]);
      }
      expect(found).toEqual(pages().map(([name]) => [name, []]));
      await opened.context().close();
    },
  );

  it("does not scroll sideways at 400 pixels", async () => {
    const opened = await console.open("", { viewport: { width: 400, height: 800 } });
    for (const [name, at, ready] of pages()) {
      await console.go(opened, at);
      await ready(opened);
      const width = await opened.evaluate<number>("document.documentElement.scrollWidth");
      expect([name, width]).toEqual([name, 400]);
    }
    await opened.context().close();
  });
});

describe("a keyboard", () => {
  const focused = (of: Page) => of.locator(":focus");

  it("reaches everything on the map, after a link that skips the navigation", async () => {
    const opened = await console.open();
    await opened.getByRole("link", { name: /^queue orders(?!-)/ }).waitFor();
    await opened.keyboard.press("Tab");
    expect(await focused(opened).textContent()).toBe("Skip to content");
    await opened.keyboard.press("Enter");
    expect(await focused(opened).getAttribute("id")).toBe("main");
    await opened.keyboard.press("Shift+Tab");
    const reached = new Set<string>();
    const wanted = await opened.evaluate<string[]>(
      "[...document.querySelectorAll('nav a, main a, main button')].map((each) => each.textContent)",
    );
    for (let n = 0; n < wanted.length + 10; n += 1) {
      reached.add(await opened.evaluate<string>("document.activeElement.textContent"));
      await opened.keyboard.press("Tab");
    }
    expect(wanted.length).toBeGreaterThan(15);
    await opened.context().close();
    const names = (texts: Iterable<string>) => [...texts].map((text) => text.replace(/\d.*/, ""));
    expect(names(wanted).filter((name) => !names(reached).includes(name))).toEqual([]);
  });

  it("opens the panel of a node, and closes it where it came from", async () => {
    const opened = await console.open();
    const node = opened.getByRole("link", { name: /^queue orders(?!-)/ });
    await node.focus();
    await opened.keyboard.press("Enter");
    const panel = opened.getByRole("complementary", { name: "orders" });
    await panel.waitFor();
    await eventually("its heading to be focused", async () => {
      return (await focused(opened).textContent()) === "orders";
    });
    await opened.keyboard.press("Escape");
    await panel.waitFor({ state: "detached" });
    expect(await focused(opened).getAttribute("id")).toBe("queue:orders");
    await opened.context().close();
  });
});

describe("all pages", () => {
  it("asked no other host, broke no rule of their policy, and logged no error", () => {
    expect(console.troubles()).toEqual([]);
  });
});
