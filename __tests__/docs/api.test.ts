import { MAX_HISTORY_ENTRIES } from "../../handlers/history";
import { orderIdFor } from "../../handlers/idempotency";
import { MAX_DEPTH, MAX_NAMES } from "../../handlers/json";
import { MAX_KEPT_BYTES } from "../../handlers/kept";
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
    } = gatewayResponses(false);
    const used = [
      MISSING_AUTHENTICATION_TOKEN,
      INVALID_API_KEY,
      THROTTLED,
      INTEGRATION_TIMEOUT,
      DEFAULT_5XX,
    ];
    expect(listed).toEqual(
      expect.arrayContaining(used.map(({ statusCode }) => String(statusCode))),
    );
  });

  it.each(["README.md", "docs/api.md", "docs/operations.md", "docs/laptop.md"])(
    "and %s have the orderId that the example's customer and key give",
    (file) => {
      const ids = new Set(
        read(file).match(/(?<!apiRequestId=)\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g),
      );
      expect([...ids]).toEqual([orderIdFor("alice", "my-first-order-0001")]);
    },
  );
});
