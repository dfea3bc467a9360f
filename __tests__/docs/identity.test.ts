import { CLOCK_TOLERANCE_SECONDS } from "../../handlers/caller";
import { makeCancelOrder } from "../../handlers/cancel-order";
import { makeCreateOrder } from "../../handlers/create-order";
import { makeGetOrder } from "../../handlers/get-order";
import { makeListOrders } from "../../handlers/list-orders";
import {
  MAX_AGE_SECONDS,
  MIN_SECONDS_BETWEEN_FETCHES,
  REFRESH_SECONDS,
  RETRY_SECONDS,
} from "../../handlers/signing-keys";
import { AUTH_DEFAULTS } from "../../infra/auth-config";
import { gatewayResponses } from "../../infra/gateway-responses";
import { httpEvent } from "../support/http-event";
import { aRequest, aStoredOrder, NOW, ORDER_ID } from "../support/orders";
import { telemetry } from "../support/telemetry";
import { read, rowsOf } from "./project";

const page = read("docs/identity.md");

const stored = aStoredOrder();
const OWNER = stored.order.customerId;

/** Of an API that is closed, over a table with one order. */
const deps = {
  ...telemetry,
  access: "token" as const,
  isRetryable: () => false,
  now: () => NOW,
  firstCheckSeconds: 120,
  newOrderId: () => ORDER_ID,
  enqueueOrder: () => Promise.resolve(),
  acceptOrder: () => Promise.resolve({ ok: true, stored }),
  readOrder: () => Promise.resolve(stored),
  readOrders: () => Promise.resolve({ orders: [], next: undefined }),
  cancelNewOrder: (_orderId: string, _now: Date, owner = OWNER) =>
    Promise.resolve({ ok: owner === OWNER, stored }),
  requestCancellation: () => Promise.resolve({ ok: true, stored }),
};

const HANDLERS: Record<string, ReturnType<typeof makeGetOrder>> = {
  "POST /orders": makeCreateOrder(deps),
  "GET /orders/{orderId}": makeGetOrder(deps),
  "GET /orders/{orderId}/history": makeGetOrder(deps),
  "DELETE /orders/{orderId}": makeCancelOrder(deps),
  "GET /orders": makeListOrders(deps),
};

/** Of a request about the owner's order, or for the owner. */
async function statusFor(route: string, caller: Record<string, string>): Promise<number> {
  const [method = "", path = ""] = route.split(" ");
  const event = httpEvent({
    method,
    path,
    body: JSON.stringify({ ...aRequest, customerId: OWNER }),
    pathParameters: { orderId: ORDER_ID },
    query: route === "GET /orders" ? `customerId=${OWNER}` : "",
    authorizer: { ...caller, expires: String(NOW.getTime() / 1000) },
  });
  const result = await HANDLERS[route]?.(event);
  return result?.statusCode ?? 0;
}

/** The value of a constant that its module keeps to itself. */
function constantIn(file: string, name: string): number {
  const [, expression = ""] = new RegExp(`const ${name} = ([\\d *]+);`).exec(read(file)) ?? [];
  return expression.split("*").reduce((product, factor) => product * Number(factor), 1);
}

const listedTimes = Object.fromEntries(
  rowsOf(page, "what", "how long").map(([what = "", time = ""]) => [
    what,
    Number(/[\d,]+/.exec(time)?.[0].replace(",", "")),
  ]),
);

describe("docs/identity.md", () => {
  it("has what each caller may do, as the handlers decide", async () => {
    const rows = rowsOf(page, "request", "customer, own order");
    expect(rows.map(([route = ""]) => route.replaceAll("`", ""))).toEqual(Object.keys(HANDLERS));
    for (const [name = "", own, others, staff, nobody] of rows) {
      const route = name.replaceAll("`", "");
      const statuses = [
        await statusFor(route, { customerId: OWNER, isStaff: "false" }),
        await statusFor(route, { customerId: "mallory", isStaff: "false" }),
        await statusFor(route, { isStaff: "true" }),
        gatewayResponses(true).UNAUTHORIZED?.statusCode,
      ];
      expect([route, ...statuses.map(String)]).toEqual([route, own, others, staff, nobody]);
    }
  });

  it("has every config key of auth", () => {
    const keys = rowsOf(page, "key", "what").map(([key = ""]) => key.replaceAll("`", ""));
    expect(keys).toEqual(Object.keys(AUTH_DEFAULTS).map((key) => `auth.${key}`));
  });

  it("has the times that hold", () => {
    expect(listedTimes).toEqual({
      "clocks of issuer and API may differ by": CLOCK_TOLERANCE_SECONDS,
      "API Gateway keeps a decision about a token for": constantIn(
        "infra/authorizer.ts",
        "CACHE_SECONDS",
      ),
      "keys are fetched anew after": REFRESH_SECONDS,
      "keys stay good while the issuer cannot be reached": MAX_AGE_SECONDS,
      "after a refresh that failed, the next comes after": RETRY_SECONDS,
      "tokens of unknown keys cause at most one fetch in": MIN_SECONDS_BETWEEN_FETCHES,
      "a fetch of keys may take": constantIn("handlers/fetch-jwks.ts", "MAX_MILLISECONDS"),
    });
    const bytes = constantIn("handlers/fetch-jwks.ts", "MAX_BYTES");
    expect(page).toContain(`and ${bytes / 1024} KiB; redirections are refused`);
    const cache = constantIn("infra/authorizer.ts", "CACHE_SECONDS");
    const [withdrawn, outage] = [REFRESH_SECONDS, MAX_AGE_SECONDS].map(
      (seconds) => (seconds + cache) / 60,
    );
    expect(page).toContain(`within ${withdrawn} minutes; within ${outage} while`);
    expect(read("docs/security.md")).toContain(
      `good for ${withdrawn} minutes at most, for ${outage} while`,
    );
  });

  it("has the limits of a token", () => {
    const length = constantIn("handlers/verify-token.ts", "MAX_TOKEN_LENGTH").toLocaleString("en");
    expect(page).toContain(`At most ${length} characters`);
    const bits = constantIn("handlers/verify-token.ts", "MIN_RSA_BITS").toLocaleString("en");
    expect(page).toContain(`an RSA key of ${bits} bits or more`);
  });

  it("has every reason for which the log says that a token was refused", () => {
    const [, tested = ""] =
      /\[\.\.\.whys\]\.sort\(\)\)\.toEqual\(\[([^\]]+)\]/.exec(
        read("__tests__/handlers/verify-token.test.ts"),
      ) ?? [];
    const reasons = [...tested.matchAll(/"([^"]+)"/g)].map(([, reason]) => reason);
    expect(reasons.length).toBeGreaterThan(10);
    const listed = rowsOf(page, "why", "what is wrong").map(([why = ""]) =>
      why.replaceAll("`", ""),
    );
    expect(listed.sort()).toEqual(reasons);
  });

  it("has the same kinds of values for each provider", () => {
    const providers = page.split(/^### /m).filter((text) => text.includes("where it is found"));
    expect(providers.map((text) => text.split("\n", 1)[0])).toEqual([
      "Cognito",
      "Auth0",
      "Entra ID",
      "Keycloak",
      "Okta",
    ]);
    for (const text of providers) {
      const keys = rowsOf(text, "key", "value").map(([key = ""]) => key.replaceAll("`", ""));
      expect(keys).toEqual(Object.keys(AUTH_DEFAULTS).filter((key) => key !== "staffValue"));
    }
  });
});
