import { readFileSync, symlinkSync } from "node:fs";
import * as path from "node:path";
import { source as axe } from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { shortTimes } from "../../faults/short-times";
import { type Laptop, startLaptop } from "../../harness/laptop";
import { overriding, queueWith } from "../../harness/overrides";
import { copyProject } from "../../harness/project-copy";
import type { FaultPlan } from "../../laptop/endpoint/fault-injection";
import { launchBrowser, openPage } from "./browser";

const PROJECT = path.join(__dirname, "..", "..");
/** Long enough for a person, or a test, to find the button. */
const TIMEOUT_SECONDS = 8;

export const tea = {
  customerId: "alice",
  items: [{ sku: "tea", quantity: 3, unitPrice: 4.5 }],
};

/** The first order's claim is throttled twice and its notification once, as often as the SDK tries again. */
const faults: FaultPlan = ({ caller, action, n, attempt }) => {
  const tries = { UpdateItem: 2, Publish: 1 }[action] ?? 0;
  return caller === "process-order" && n === 1 && attempt <= tries ? "throttled" : undefined;
};

/** The console of a stack whose business step does what an order's metadata asks for. */
export async function startConsole() {
  const read = (name: string) => readFileSync(path.join(PROJECT, name), "utf8");
  const copy = copyProject({
    "handlers/fulfil-order.ts": read("__tests__/fixtures/faulty-fulfil-order.ts"),
    "openapi.yaml": read("openapi.yaml"),
  });
  for (const name of ["command-line", "operations"]) {
    symlinkSync(path.join(PROJECT, name), path.join(copy.directory, name));
  }
  const [browser, laptop] = await Promise.all([
    launchBrowser(),
    startLaptop({
      directory: copy.directory,
      faults,
      config: {
        "order-processing:processing": { timeoutSeconds: TIMEOUT_SECONDS, maxAttempts: 2 },
      },
      override: overriding(
        shortTimes({
          backoffSeconds: 1,
          firstCheckSeconds: TIMEOUT_SECONDS + 3,
          nextCheckSeconds: TIMEOUT_SECONDS + 3,
          reconcileSeconds: 5,
          timeoutSeconds: TIMEOUT_SECONDS,
        }),
        queueWith(TIMEOUT_SECONDS, undefined),
      ),
    }),
  ]);
  return {
    laptop,
    browser,
    ...pagesOf(browser, laptop),
    marker: (name: string) => path.join(copy.directory, name),
    async stop() {
      await browser.close();
      await laptop.stop();
      copy.remove();
    },
  };
}

function pagesOf(browser: Browser, laptop: Laptop) {
  const troubles: string[][] = [];
  return {
    /** What pages did that they may not do; none of those that were opened to lose their connection. */
    troubles: () => troubles.flat(),
    /** In UTC, as the API's times are. */
    async open(at = "", options: BrowserContextOptions = {}): Promise<Page> {
      const size = { viewport: { width: 1400, height: 900 }, timezoneId: "UTC" };
      const opened = await openPage(browser, `${laptop.consoleUrl}${at}`, {
        ...{ ...size, colorScheme: "light" },
        ...options,
      });
      if (!options.proxy) troubles.push(opened.troubles);
      return opened.page;
    },
    go: (page: Page, at: string) => page.goto(`${laptop.consoleUrl}${at}`),
    async ask<T>(what: string): Promise<T> {
      return (await (await fetch(`${laptop.consoleUrl}api/${what}`)).json()) as T;
    },
  };
}

export type BrowsedConsole = Awaited<ReturnType<typeof startConsole>>;

interface Violation {
  id: string;
  nodes: { html: string; failureSummary: string }[];
}

/** What axe-core finds on a page as it is now, but for what swagger-ui has drawn. */
export async function violationsOn(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate<{ violations: Violation[] }>(
    "axe.run({ exclude: [['.swagger-ui']] }, { resultTypes: ['violations'] })",
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

/** Where SCREENSHOTS names a folder, a picture of the page's top in it. */
export async function screenshot(page: Page, name: string, height: number): Promise<void> {
  const { SCREENSHOTS: folder } = process.env;
  if (folder === undefined) return;
  const { width = 0 } = page.viewportSize() ?? {};
  const clip = { x: 0, y: 0, width, height };
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true, clip });
}
