import { CUSTOMERS } from "../../handlers/aws/stored-order";
import { MAX_HISTORY_ENTRIES } from "../../handlers/history";
import { orderIdFor } from "../../handlers/idempotency";
import { MAX_DEPTH, MAX_NAMES } from "../../handlers/json";
import { MAX_KEPT_BYTES } from "../../handlers/kept";
import { FILTERED_PAGE, MAX_PAGES_READ } from "../../handlers/list-orders";
import { DEFAULT_LIMIT, MAX_LIMIT, parseListRequest } from "../../handlers/list-request";
import {
  MAX_CUSTOMER_ID_LENGTH,
  MAX_ITEMS,
  MAX_ORDER_BYTES,
  MAX_QUANTITY,
} from "../../handlers/order-request";
import { gatewayResponses } from "../../infra/gateway-responses";
import { completedOrder, NOW } from "../support/orders";
import { read, rowsOf } from "./project";

const page = read("docs/api.md");

describe("docs/api.md", () => {
  it("has the limits that hold", () => {
    expect(page).toContain(`1 to ${MAX_CUSTOMER_ID_LENGTH} characters`);
    expect(page).toContain(`1 to ${MAX_ITEMS} objects`);
    expect(page).toContain(`integer from 1 to ${MAX_QUANTITY.toLocaleString("en")}`);
    expect(page).toContain(`${MAX_ORDER_BYTES / 1024} KiB`);
    expect(page).toContain(`more than ${MAX_HISTORY_ENTRIES} entries`);
    expect(read("docs/handlers.md")).toContain(`${MAX_KEPT_BYTES / 1024} KiB at most`);
    expect(page).toContain(`${MAX_DEPTH} levels`);
    expect(page).toContain(`${MAX_NAMES.toLocaleString("en")} names`);
  });

  it("has the fields of an order", () => {
    const at = NOW.toISOString();
    const ends = { rejectedAt: at, failedAt: at, cancelledAt: at, cancelRequestedAt: at };
    const rest = { notifiedAt: at, reason: "", metadata: {}, progress: [] };
    const order = { ...ends, ...rest, undoFailed: true as const };
    const named = rowsOf(page, "field", "when").flatMap(
      ([names = ""]) => names.match(/\w+/g) ?? [],
    );
    expect(named.sort()).toEqual(Object.keys(completedOrder(order)).sort());
  });

  it("has the parameters of the list, and their limits", () => {
    const listed = rowsOf(page, "parameter", "rule").map(([name = ""]) => name.replaceAll("`", ""));
    const refused = parseListRequest({ multiValueQueryStringParameters: { unknown: ["1"] } });
    expect(refused).toEqual({
      ok: false,
      violations: [`The query takes ${listed.join(", ")} and nothing else.`],
    });
    expect(page).toContain(`a whole number from 1 to ${MAX_LIMIT}; ${DEFAULT_LIMIT} by default`);
    expect(page).toContain(`at most ${MAX_PAGES_READ} pages of ${FILTERED_PAGE} orders each`);
  });

  it("has what a summary of an order has, and what it lacks", () => {
    const [, lacks = "", has = ""] =
      /\*\*A summary is not the order\*\*: it has no ([^.]+)\. It has([^.]+)\./.exec(page) ?? [];
    const named = (text: string) => (text.match(/`\w+`/g) ?? []).map((name) => name.slice(1, -1));
    const { partition, sort, projected } = CUSTOMERS;
    const inIndex = ["orderId", partition, sort, ...projected];
    expect(named(has).sort()).toEqual([...inIndex].sort());
    const fields = rowsOf(page, "field", "when").flatMap(
      ([names = ""]) => names.match(/\w+/g) ?? [],
    );
    expect(named(lacks).sort()).toEqual(fields.filter((name) => !inIndex.includes(name)).sort());
  });

  it("has the header of a response to a token that is missing or bad", () => {
    const { UNAUTHORIZED } = gatewayResponses(true);
    const header = UNAUTHORIZED?.responseParameters["gatewayresponse.header.WWW-Authenticate"];
    expect(page).toContain(`WWW-Authenticate: ${(header ?? "missing").replaceAll("'", "")}\``);
  });

  it("has the statuses of the errors that API Gateway responds with by this stack's config", () => {
    const listed = rowsOf(page, "status", "why", "retry").flatMap(
      ([statuses = ""]) => statuses.match(/\d+/g) ?? [],
    );
    const {
      MISSING_AUTHENTICATION_TOKEN,
      INVALID_API_KEY,
      THROTTLED,
      INTEGRATION_TIMEOUT,
      DEFAULT_5XX,
      UNAUTHORIZED,
      ACCESS_DENIED,
      AUTHORIZER_CONFIGURATION_ERROR,
      AUTHORIZER_FAILURE,
    } = gatewayResponses(true);
    const used = [
      UNAUTHORIZED,
      ACCESS_DENIED,
      AUTHORIZER_CONFIGURATION_ERROR,
      AUTHORIZER_FAILURE,
      MISSING_AUTHENTICATION_TOKEN,
      INVALID_API_KEY,
      THROTTLED,
      INTEGRATION_TIMEOUT,
      DEFAULT_5XX,
    ];
    expect(listed).toEqual(
      expect.arrayContaining(used.map((response) => String(response?.statusCode))),
    );
  });

  it.each(["README.md", "README.pt-BR.md", "docs/api.md", "docs/operations.md", "docs/laptop.md"])(
    "and %s have the orderId that the example's customer and key give",
    (file) => {
      const ids = new Set(
        read(file).match(/(?<!apiRequestId=)\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g),
      );
      expect([...ids]).toEqual([orderIdFor("alice", "my-first-order-0001")]);
    },
  );
});
