import { randomBytes } from "node:crypto";
import {
  array,
  boolean,
  defaulted,
  enums,
  literal,
  number,
  object,
  optional,
  string,
  type,
} from "superstruct";
import { defineProvider, type Provider } from "../program/provider";
import { makeUsagePlan, type UsagePlan } from "./usage-plan";

export interface ApiKey {
  value: string;
  enabled: boolean;
}

/** API keys, with a value of their own or a random one. */
export function apiKeyProvider(apiKeys: Map<string, ApiKey>): Provider {
  return defineProvider({
    kept: {},
    emulated: type({
      value: defaulted(string(), () => randomBytes(20).toString("hex")),
      enabled: defaulted(boolean(), true),
    }),
    withoutEffect: ["customerId", "description", "name"],
    create(name, key) {
      apiKeys.set(name, key);
      return { id: name, outputs: { value: key.value } };
    },
  });
}

/** Usage plans: throttle and quota for each key, counted in memory. */
export function usagePlanProvider(usagePlans: Map<string, UsagePlan>): Provider {
  return defineProvider({
    emulated: type({
      apiStages: defaulted(array(object({ apiId: string(), stage: string() })), []),
      throttleSettings: optional(object({ rateLimit: number(), burstLimit: number() })),
      quotaSettings: optional(
        object({ limit: number(), period: enums(["DAY", "WEEK", "MONTH"] as const) }),
      ),
    }),
    withoutEffect: ["description", "name", "productCode"],
    create(name, { apiStages, throttleSettings: throttle, quotaSettings: quota }) {
      const plan = makeUsagePlan(
        apiStages.map(({ apiId, stage }) => `${apiId}/${stage}`),
        { throttle: throttle && { rate: throttle.rateLimit, burst: throttle.burstLimit }, quota },
        Date.now,
      );
      for (const value of usagePlans.get(name)?.keys() ?? []) plan.addKey(value);
      usagePlans.set(name, plan);
      return { id: name, outputs: {} };
    },
  });
}

/** Which key is good for which plan. */
export function usagePlanKeyProvider(
  apiKeys: ReadonlyMap<string, ApiKey>,
  usagePlans: ReadonlyMap<string, UsagePlan>,
): Provider {
  return defineProvider({
    emulated: type({ keyId: string(), keyType: literal("API_KEY"), usagePlanId: string() }),
    create(name, { keyId, usagePlanId }) {
      const key = apiKeys.get(keyId);
      const plan = usagePlans.get(usagePlanId);
      if (!key || !plan) throw new Error(`${name} joins a key and a plan that are not there`);
      if (key.enabled) plan.addKey(key.value);
      return { id: name, outputs: { value: key.value } };
    },
  });
}
