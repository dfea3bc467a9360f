import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import type { components } from "../../examples/client-types";
import type { HistoryEntry } from "../../handlers/history";
import type { Violation } from "../../handlers/json";
import type { OrderSummary } from "../../handlers/list-orders";
import type { Notification } from "../../handlers/notification";
import type { EndStatus, Order, OrderRequest, Progress, Totals } from "../../handlers/order";
import { FILE } from "../support/contract/document";

const PROJECT = path.dirname(FILE);

describe("npm run -s client:types", () => {
  it("prints what is in examples/client-types.ts", async () => {
    const { stdout } = await promisify(execFile)("npm", ["run", "-s", "client:types"], {
      cwd: PROJECT,
    });
    expect(stdout).toBe(await readFile(path.join(PROJECT, "examples", "client-types.ts"), "utf8"));
  });
});

type Schemas = components["schemas"];

interface OfHandlers {
  Order: Order;
  OrderRequest: OrderRequest;
  OrderSummary: OrderSummary;
  HistoryEntry: HistoryEntry;
  Notification: Notification & { status: EndStatus };
  Progress: Progress;
  Totals: Totals;
  Violation: Violation;
}

/** The fields that one of two types has, and the other has not. */
type Difference<A, B> = Exclude<keyof A, keyof B> | Exclude<keyof B, keyof A>;
type Differences = {
  [Name in keyof OfHandlers]: Difference<OfHandlers[Name], Schemas[Name]>;
}[keyof OfHandlers];

describe("the types of examples/client-types.ts", () => {
  // What the compiler finds: `npm run typecheck`.
  it("have the fields of the handlers' types, and take their values", () => {
    const isSame: [Differences] extends [never] ? true : Differences = true;
    const taken = (values: OfHandlers): Pick<Schemas, keyof OfHandlers> => values;
    expect([isSame, typeof taken]).toEqual([true, "function"]);
  });
});
