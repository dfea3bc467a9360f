import { readFileSync } from "node:fs";
import * as path from "node:path";
import { MAX_DEPTH, MAX_NAMES } from "../handlers/json";
import {
  MAX_CUSTOMER_ID_LENGTH,
  MAX_ITEMS,
  MAX_ORDER_BYTES,
  MAX_QUANTITY,
} from "../handlers/order-request";
import { DEFAULTS } from "../infra/config";

const readme = readFileSync(path.join(__dirname, "..", "README.md"), "utf8");

function flattened(value: object, prefix = ""): Record<string, unknown> {
  const entries = Object.entries(value).flatMap(([key, each]: [string, unknown]) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.entries(flattened(each, `${prefix}${key}.`))
      : [[`${prefix}${key}`, each] as const],
  );
  return Object.fromEntries(entries);
}

describe("the README", () => {
  it("lists every config key with its default", () => {
    const rows = [...readme.matchAll(/^\| `([\w.]+)` +\|.*\| `([^`]+)` +\|$/gm)];
    const listed = rows.map(([, key = "", value = ""]) => [key, JSON.parse(value) as unknown]);
    expect(Object.fromEntries(listed)).toEqual(flattened(DEFAULTS));
  });

  it("has the limits that hold", () => {
    expect(readme).toContain(`1 to ${MAX_CUSTOMER_ID_LENGTH} characters`);
    expect(readme).toContain(`1 to ${MAX_ITEMS} objects`);
    expect(readme).toContain(`integer from 1 to ${MAX_QUANTITY.toLocaleString("en")}`);
    expect(readme).toContain(`${MAX_ORDER_BYTES / 1024} KiB`);
    expect(readme).toContain(`${MAX_DEPTH} levels`);
    expect(readme).toContain(`${MAX_NAMES.toLocaleString("en")} names`);
  });
});
