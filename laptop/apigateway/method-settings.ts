import { boolean, number, object, optional, string, type } from "superstruct";
import { defineProvider, type Provider } from "../program/provider";
import type { ApiGateway } from "./server";
import { ACCOUNT_LIMITS } from "./stage";

/** Throttles one method (`orders/POST`) or the stage. Refuses caches; nobody here reads logs and metrics. */
export function methodSettingsProvider(gateway: Pick<ApiGateway, "setThrottle">): Provider {
  return defineProvider({
    emulated: type({
      stageName: string(),
      methodPath: string(),
      settings: object({
        throttlingRateLimit: optional(number()),
        throttlingBurstLimit: optional(number()),
        dataTraceEnabled: optional(boolean()),
        loggingLevel: optional(string()),
        metricsEnabled: optional(boolean()),
      }),
    }),
    withoutEffect: ["restApi"],
    create(name, { stageName, methodPath, settings }) {
      gateway.setThrottle(stageName, methodPath, {
        rate: limit(settings.throttlingRateLimit, ACCOUNT_LIMITS.rate),
        burst: limit(settings.throttlingBurstLimit, ACCOUNT_LIMITS.burst),
      });
      return { id: name, outputs: {} };
    },
  });
}

/** -1, and nothing at all, leave it at the account's limit. */
function limit(value: number | undefined, accountLimit: number): number {
  return value === undefined || value < 0 ? accountLimit : value;
}
