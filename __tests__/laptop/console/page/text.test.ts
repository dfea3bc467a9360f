import {
  curl,
  endOutageCommand,
  startOutageCommand,
} from "../../../../laptop/console/page/commands";
import { age, duration, pretty, toneOf } from "../../../../laptop/console/page/format";
import { statusesOf } from "../../../../laptop/console/page/items/statuses";
import { itemLink, nodeLink, parseRoute } from "../../../../laptop/console/page/route";
import {
  apiAddress,
  exampleRequest,
  filledPath,
  newestKeys,
  pathParameters,
} from "../../../../laptop/console/page/try/request";

describe("commands", () => {
  it("quote for a shell", () => {
    const request = {
      method: "POST",
      url: "http://a/b",
      headers: { x: "1" },
      body: '{"a":"it\'s"}',
    };
    expect(curl(request)).toBe(`curl -i -X POST 'http://a/b' -H 'x: 1' -d '{"a":"it'\\''s"}'`);
    expect(curl({ method: "GET", url: "http://a", headers: {} })).toBe("curl -i 'http://a'");
  });

  it("do to outages what the buttons do", () => {
    expect(startOutageCommand("http://127.0.0.1:3000", "sqs", "cut-off", 30)).toBe(
      "curl -X POST http://127.0.0.1:3000/_console/api/outages -H 'x-laptop-console: 1' " +
        `-d '{"service":"sqs","kind":"cut-off","seconds":30}'`,
    );
    expect(endOutageCommand("http://127.0.0.1:3000", "sqs")).toBe(
      "curl -X DELETE http://127.0.0.1:3000/_console/api/outages/sqs -H 'x-laptop-console: 1'",
    );
  });
});

describe("requests to try", () => {
  const outputs = { apiUrl: "http://127.0.0.1:3000/dev/", apiKey: "secret" };
  const origin = "http://localhost:3000";

  it("go to the page's own origin, with the API's stage and key", () => {
    const example = { title: "", method: "GET", path: "/orders/{orderId}", headers: {} };
    expect(exampleRequest(example, outputs, origin)).toEqual({
      method: "GET",
      url: "http://localhost:3000/dev/orders/{orderId}",
      headers: { "x-api-key": "secret" },
      body: undefined,
    });
    expect(apiAddress({}, origin)).toBe(origin);
  });

  it("take path parameters, from the newest item where its key has them", () => {
    const path = "/customers/{customerId}/orders/{orderId}";
    expect(pathParameters(path)).toEqual(["customerId", "orderId"]);
    expect(filledPath(path, { orderId: "a/b" })).toBe("/customers/{customerId}/orders/a%2Fb");
    const item = { table: "orders", id: "", changedAt: 0, writes: 1, deleted: false };
    const items = [
      { ...item, key: { orderId: "new" } },
      { ...item, key: { orderId: "old" } },
    ];
    expect(newestKeys(["customerId", "orderId"], items)).toEqual({
      customerId: "",
      orderId: "new",
    });
  });
});

describe("routes", () => {
  it.each([
    ["", { page: "map" }],
    ["#/", { page: "map" }],
    ["#/elsewhere", { page: "map" }],
    [nodeLink("function:create-order"), { page: "map", node: "function:create-order" }],
    ["#/traces", { page: "traces" }],
    ["#/traces/1-65f0c0de", { page: "traces", trace: "1-65f0c0de" }],
    ["#/traces/%", { page: "traces", trace: "%" }],
    ["#/items/orders", { page: "items", table: "orders" }],
    [itemLink("a b", "x%2Fy/2"), { page: "items", table: "a b", item: "x%2Fy/2" }],
    ["#/try", { page: "try" }],
    ["#/break", { page: "break" }],
  ])("%s is a page", (hash, route) => {
    expect(parseRoute(hash)).toEqual(route);
  });
});

describe("texts", () => {
  it("name durations and ages", () => {
    expect([7.4, 1240, 32_000, 185_000, 7_260_000].map(duration)).toEqual([
      "7 ms",
      "1.24 s",
      "32.0 s",
      "3 min 5 s",
      "2 h 1 min",
    ]);
    expect([500, 0, -3000, -120_000].map((at) => age(at, 0))).toEqual([
      "now",
      "now",
      "3 s ago",
      "2 min ago",
    ]);
  });

  it("indent JSON, also where it is text, and leave markup as it is", () => {
    expect(pretty('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(pretty([1])).toBe("[\n  1\n]");
    expect(pretty("<img src=x onerror=alert(1)>")).toBe("<img src=x onerror=alert(1)>");
    expect(pretty("{not JSON")).toBe("{not JSON");
  });

  it("colour statuses by their words", () => {
    expect(["COMPLETED", "FAILED", "CANCELLED", "PROCESSING"].map(toneOf)).toEqual([
      "ok",
      "bad",
      "quiet",
      "open",
    ]);
  });
});

it("reads the statuses of an item off its history", () => {
  const write = (at: number, attribute: string, after: unknown) => ({
    at,
    action: "UpdateItem",
    by: "process-order",
    changes: [{ attribute, after }],
  });
  expect(
    statusesOf([
      write(100, "status", "RECEIVED"),
      write(120, "attempt", "1"),
      write(150, "status", "COMPLETED"),
    ]),
  ).toEqual([
    { status: "RECEIVED", at: 100 },
    { status: "COMPLETED", at: 150, after: 50 },
  ]);
});
