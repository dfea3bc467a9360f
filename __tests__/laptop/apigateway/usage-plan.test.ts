import {
  type ApiKey,
  apiKeyProvider,
  usagePlanKeyProvider,
  usagePlanProvider,
} from "../../../laptop/apigateway/api-key";
import { makeUsagePlan, type UsagePlan } from "../../../laptop/apigateway/usage-plan";
import { registering } from "../../support/registering";

describe("a usage plan", () => {
  it.each([
    ["DAY", "2026-01-03T23:59:59Z", "2026-01-04T00:00:00Z"],
    ["WEEK", "2026-01-03T23:59:59Z", "2026-01-04T00:00:00Z"],
    ["MONTH", "2026-01-31T23:59:59Z", "2026-02-01T00:00:00Z"],
  ] as const)("has a quota for each key, anew every %s", (period, before, after) => {
    let now = Date.parse(before);
    const limits = { throttle: undefined, quota: { limit: 2, period } };
    const plan = makeUsagePlan([], limits, () => now);
    plan.addKey("a");
    plan.addKey("b");
    expect([plan.use("a"), plan.use("a"), plan.use("a")]).toEqual([
      "allowed",
      "allowed",
      "quota exceeded",
    ]);
    expect(plan.use("b")).toBe("allowed");
    now = Date.parse(after);
    expect(plan.use("a")).toBe("allowed");
  });

  it("throttles each key on its own, and does not count what it throttled", () => {
    const limits = {
      throttle: { rate: 1, burst: 1 },
      quota: { limit: 2, period: "DAY" as const },
    };
    let now = 0;
    const plan = makeUsagePlan([], limits, () => now);
    plan.addKey("a");
    plan.addKey("b");
    expect([plan.use("a"), plan.use("a"), plan.use("b")]).toEqual([
      "allowed",
      "throttled",
      "allowed",
    ]);
    now = 1000;
    expect([plan.use("a"), plan.use("a")]).toEqual(["allowed", "quota exceeded"]);
  });

  it("knows no keys but its own", () => {
    const plan = makeUsagePlan([], { throttle: undefined, quota: undefined }, Date.now);
    plan.addKey("a");
    expect([plan.use("a"), plan.use("b"), plan.use("")]).toEqual(["allowed", undefined, undefined]);
  });
});

describe("an API key of the program", () => {
  it.each([
    [{}, "allowed"],
    [{ enabled: true, value: "of its own" }, "allowed"],
    [{ enabled: false }, undefined],
  ])("with %j is good for its plan's stages: %s", async (inputs, expected) => {
    const usagePlans = new Map<string, UsagePlan>();
    const apiKeys = new Map<string, ApiKey>();
    const { create } = registering({
      key: apiKeyProvider(apiKeys),
      plan: usagePlanProvider(usagePlans),
      planKey: usagePlanKeyProvider(apiKeys, usagePlans),
    });
    const { outputs } = await create("key", "orders", inputs);
    await create("plan", "orders", { apiStages: [{ apiId: "api", stage: "dev" }] });
    const joined = { keyId: "orders", keyType: "API_KEY", usagePlanId: "orders" };
    await create("planKey", "orders", joined);
    const plan = usagePlans.get("orders");
    expect(plan?.stages).toEqual(["api/dev"]);
    expect(plan?.use(String(outputs["value"]))).toBe(expected);
  });
});
