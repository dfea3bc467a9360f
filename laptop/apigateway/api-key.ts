import { randomBytes } from "node:crypto";
import {
  array,
  boolean,
  create,
  defaulted,
  enums,
  literal,
  number,
  optional,
  string,
  type,
} from "superstruct";
import type { Cloud, Resource } from "../cloud";
import { makeUsagePlan } from "./usage-plan";

export function makeApiKey(name: string, inputs: unknown, cloud: Cloud): Resource {
  const struct = type({
    value: defaulted(string(), () => randomBytes(20).toString("hex")),
    enabled: defaulted(boolean(), true),
  });
  const { value, enabled } = create(inputs, struct);
  cloud.apiKeys.set(name, { value, enabled });
  return { id: name, outputs: { value } };
}

export function makeUsagePlanResource(name: string, inputs: unknown, cloud: Cloud): Resource {
  const struct = type({
    apiStages: defaulted(array(type({ apiId: string(), stage: string() })), []),
    throttleSettings: optional(type({ rateLimit: number(), burstLimit: number() })),
    quotaSettings: optional(
      type({ limit: number(), period: enums(["DAY", "WEEK", "MONTH"] as const) }),
    ),
  });
  const { apiStages, throttleSettings: throttle, quotaSettings } = create(inputs, struct);
  const plan = makeUsagePlan(
    apiStages.map(({ apiId, stage }) => `${apiId}/${stage}`),
    {
      throttle: throttle && { rate: throttle.rateLimit, burst: throttle.burstLimit },
      quota: quotaSettings,
    },
    Date.now,
  );
  cloud.usagePlans.set(name, plan);
  return { id: name, outputs: {} };
}

export function makeUsagePlanKey(name: string, inputs: unknown, cloud: Cloud): Resource {
  const struct = type({ keyId: string(), keyType: literal("API_KEY"), usagePlanId: string() });
  const { keyId, usagePlanId } = create(inputs, struct);
  const key = cloud.apiKeys.get(keyId);
  const plan = cloud.usagePlans.get(usagePlanId);
  if (!key || !plan) throw new Error(`${name} joins a key and a plan that are not there`);
  if (key.enabled) plan.addKey(key.value);
  return { id: name, outputs: { value: key.value } };
}
