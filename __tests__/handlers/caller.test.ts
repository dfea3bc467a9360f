import {
  type Caller,
  type CallerDeps,
  callerIn,
  mayActFor,
  withCaller,
} from "../../handlers/caller";
import { json } from "../../handlers/http";
import { bodyOf, httpEvent } from "../support/http-event";
import { NOW } from "../support/orders";
import { forgetTelemetry, logs, telemetry } from "../support/telemetry";

beforeEach(forgetTelemetry);

const CLAIMS = { customerClaim: "sub", staffClaim: "scope", staffValue: "orders:staff" };

describe("callerIn", () => {
  it.each<[string, Record<string, unknown>, Caller | undefined]>([
    ["a customer", { sub: "alice" }, { customerId: "alice", isStaff: false }],
    ["of staff", { sub: "eve", scope: "a orders:staff" }, { customerId: "eve", isStaff: true }],
    ["of staff, by a list", { scope: ["orders:staff"] }, { customerId: undefined, isStaff: true }],
    [
      "no staff: a part of the value",
      { sub: "a", scope: "orders:staffing" },
      { customerId: "a", isStaff: false },
    ],
    [
      "no staff: another type",
      { sub: "a", scope: { "orders:staff": true } },
      { customerId: "a", isStaff: false },
    ],
    ["nobody: no claim", {}, undefined],
    ["nobody: a number", { sub: 7 }, undefined],
    ["nobody: a list", { sub: ["alice"] }, undefined],
    ["nobody: an object", { sub: { id: "alice" } }, undefined],
    ["nobody: null", { sub: null }, undefined],
    ["nobody: empty", { sub: "" }, undefined],
    ["nobody: a space at the end", { sub: "alice " }, undefined],
    ["nobody: another alphabet", { sub: "\u0430lice" }, undefined],
    ["nobody: too long", { sub: "a".repeat(129) }, undefined],
    ["nobody, whatever else the token says", { sub: 7, scope: "orders:staff" }, undefined],
  ])("finds %s", (_who, claims, caller) => {
    expect(callerIn(claims, CLAIMS)).toEqual(caller);
  });

  it("knows no staff where none is configured", () => {
    const claims = { ...CLAIMS, staffValue: "" };
    expect(callerIn({ sub: "a", scope: "" }, claims)).toEqual({ customerId: "a", isStaff: false });
    expect(callerIn({ sub: "a", scope: [""] }, claims)?.isStaff).toBe(false);
  });

  it("takes the names of claims literally, and only a token's own", () => {
    const names = { ...CLAIMS, customerClaim: "https://example.com/customer.id" };
    expect(callerIn({ "https://example.com/customer.id": "c" }, names)?.customerId).toBe("c");
    expect(callerIn({ sub: "a" }, { ...CLAIMS, staffClaim: "constructor" })?.isStaff).toBe(false);
  });
});

describe("mayActFor", () => {
  it("lets customers act for themselves alone, and staff for everyone", () => {
    const alice = { customerId: "alice", isStaff: false };
    expect([mayActFor(alice, "alice"), mayActFor(alice, "Alice")]).toEqual([true, false]);
    expect(mayActFor({ customerId: undefined, isStaff: true }, "alice")).toBe(true);
    expect(mayActFor({ customerId: undefined, isStaff: false }, "alice")).toBe(false);
  });
});

describe("withCaller", () => {
  const EXPIRES = NOW.getTime() / 1000;

  function handle(access: CallerDeps["access"], authorizer?: Record<string, string>, now = NOW) {
    const deps = { ...telemetry, access, isRetryable: () => false, now: () => now };
    const handler = withCaller(deps, (_event, caller) => Promise.resolve(json(200, { caller })));
    return handler(httpEvent({ authorizer }));
  }

  it("takes everyone for staff where the API is open", async () => {
    expect(bodyOf(await handle("open"))).toEqual({ caller: { isStaff: true } });
  });

  it("knows the caller by what the authorizer says, which is all text", async () => {
    const context = { customerId: "alice", isStaff: "false", expires: String(EXPIRES) };
    const customer = await handle("token", context);
    expect(bodyOf(customer)).toEqual({ caller: { customerId: "alice", isStaff: false } });
    const staff = await handle("token", { isStaff: "true", expires: String(EXPIRES) });
    expect(bodyOf(staff)).toEqual({ caller: { isStaff: true } });
  });

  it.each<[string, Record<string, string> | undefined]>([
    ["nothing", undefined],
    ["another authorizer's words", { principalId: "alice" }],
    ["an expiry that is no number", { customerId: "alice", isStaff: "true", expires: "never" }],
    ["no expiry", { customerId: "alice", isStaff: "true", expires: "" }],
  ])("answers 500 where a closed API gets %s", async (_what, context) => {
    const result = await handle("token", context);
    expect(result.statusCode).toBe(500);
    expect(logs).toMatchObject([{ message: "request failed" }]);
  });

  it("refuses a token that has expired since the authorizer saw it, by both clocks' tolerance", async () => {
    const context = { customerId: "alice", isStaff: "false", expires: String(EXPIRES) };
    const after = (seconds: number) =>
      handle("token", context, new Date(NOW.getTime() + seconds * 1000));
    expect((await after(60)).statusCode).toBe(200);
    expect((await after(60.1)).statusCode).toBe(401);
  });
});
