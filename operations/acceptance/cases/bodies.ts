import type { AcceptanceCase } from "../acceptance-case";
import { expectProblem, expectThat, expectViolations } from "../expect";
import { CUSTOMER_ID, postRaw } from "../requests";

const KIB = 1024;
const MIB = 1024 * KIB;

/** An order with one field more, or an item list of its own. */
const order = (more: string, items = "[{}]") =>
  `{"customerId":"${CUSTOMER_ID}","items":${items},${more}}`;
const metadata = (json: string) => order(`"metadata":${json}`);
const names = (count: number) => Array.from({ length: count }, (_, i) => `"k${i}":0`).join();

const EVERY_VIOLATION =
  '{"customerId":" ","items":[{"sku":"","quantity":0},{"unitPrice":-1},7],"metadata":[],"status":"COMPLETED"}';

/** [case, title, body, where it is not valid] */
const NOT_VALID: [string, string, string | Uint8Array | null, string[]][] = [
  ["missing", "no body", null, [""]],
  ["null", "null", "null", [""]],
  ["list", "a list", "[]", [""]],
  ["text", "a string", '"x"', [""]],
  ["number", "a number", "7", [""]],
  ["not-json", "text that is not JSON", "customerId=a", [""]],
  ["truncated", "truncated JSON", '{"customerId":"a","items":[{', [""]],
  ["byte-order-mark", "a byte order mark", "\ufeff{}", [""]],
  ["not-utf-8", "bytes that are not UTF-8", new Uint8Array([0x7b, 0xff, 0x7d]), [""]],
  ["no-fields", "an empty object", "{}", ["/customerId", "/items"]],
  ["blank-customer", "a blank customerId", '{"customerId":" ","items":[{}]}', ["/customerId"]],
  ["no-items", "no items", order('"metadata":{}', "[]"), ["/items"]],
  ["101-items", "101 items", order('"metadata":{}', `[${"{},".repeat(100)}{}]`), ["/items"]],
  ["unknown-field", "an unknown field", order('"colour":"red"'), ["/colour"]],
  ["status", "a status, which is not a client's", order('"status":"COMPLETED"'), ["/status"]],
  ["name-twice", "a name given twice", metadata('{"a":1,"a":2}'), ["/metadata/a"]],
  ["proto-below", "__proto__ below the top", metadata('{"__proto__":{}}'), ["/metadata/__proto__"]],
  [
    "deep",
    "nesting deeper than 32 levels",
    metadata(`{"d":${"[".repeat(90_000)}${"]".repeat(90_000)}}`),
    [""],
  ],
  ["many-names", "more than 10,000 names", metadata(`{${names(10_001)}}`), [""]],
  ["lone-surrogate", "a lone surrogate", metadata('{"s":"\\ud800"}'), ["/metadata/s"]],
  ["1e400", "a number beyond all doubles", metadata('{"n":1e400}'), ["/metadata/n"]],
  ["beyond-2-53", "an integer beyond 2^53", metadata('{"n":9007199254740993}'), ["/metadata/n"]],
  [
    "every-violation",
    "several violations, of which each is listed",
    EVERY_VIOLATION,
    [
      "/customerId",
      "/items/0/sku",
      "/items/0/quantity",
      "/items/1/unitPrice",
      "/items/2",
      "/metadata",
      "/status",
    ],
  ],
];

const TOO_LARGE: [string, string, string][] = [
  ["large-order", "more than 256 KiB", metadata(`{"s":"${"x".repeat(256 * KIB)}"}`)],
  ["large-event", "7 MiB, more than Lambda takes", "x".repeat(7 * MIB)],
  ["large-request", "11 MiB, more than API Gateway takes", "x".repeat(11 * MIB)],
];

export const BODY_CASES: AcceptanceCase[] = [
  ...NOT_VALID.map(([name, title, body, pointers]): AcceptanceCase => ({
    id: `bodies/${name}`,
    title: `${title}: 400`,
    async run(client) {
      expectViolations("the response", await postRaw(client, body), pointers);
    },
  })),
  ...TOO_LARGE.map(([name, title, body]): AcceptanceCase => ({
    id: `bodies/${name}`,
    title: `${title}: 413`,
    async run(client) {
      expectProblem("the response", await postRaw(client, body), 413);
    },
  })),
  {
    id: "bodies/proto-at-top",
    title: "__proto__, constructor and prototype at the top: 400",
    async run(client) {
      for (const name of ["__proto__", "constructor", "prototype"]) {
        const answer = await postRaw(client, order(`"${name}":{"status":"COMPLETED"}`));
        const { errors = [] } = expectProblem(name, answer, 400);
        const isNamed = errors.some(({ pointer }) => pointer === `/${name}`);
        expectThat(`errors of ${name}`, errors, isNamed, `one at /${name}`);
      }
    },
  },
  {
    id: "bodies/not-utf-8-binary",
    title: "bytes that are not UTF-8, as application/octet-stream: 400",
    async run(client) {
      const headers = { "Content-Type": "application/octet-stream" };
      const answer = await postRaw(client, new Uint8Array([0x7b, 0xff, 0x7d]), headers);
      expectViolations("the response", answer, [""]);
    },
  },
];
