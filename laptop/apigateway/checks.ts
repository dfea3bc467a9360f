import type { IncomingMessage } from "node:http";
import type { OnEvent } from "../events";
import type { LambdaFunction } from "../lambda/execution-environments";
import type { GatewayResponseType } from "./gateway-response";
import type { Route } from "./route";
import type { Stage } from "./stage";
import type { UsagePlan } from "./usage-plan";

export interface CheckOptions {
  /** Whether the function's own policy lets this API's `<api>/<stage>/<method>/<path>` invoke it. */
  mayInvoke: (functionArn: string, path: string) => boolean;
  usagePlans: ReadonlyMap<string, UsagePlan>;
  onEvent: OnEvent;
}

export function checkApiKey(
  { headers }: IncomingMessage,
  stage: Stage,
  { apiKeyRequired }: Route,
  { usagePlans }: CheckOptions,
): GatewayResponseType | undefined {
  if (!apiKeyRequired) return undefined;
  const results = [...usagePlans.values()]
    .filter(({ stages }) => stages.includes(`${stage.api.id}/${stage.name}`))
    .map((plan) => plan.use(String(headers["x-api-key"] ?? "")));
  if (results.includes("allowed")) return undefined;
  if (results.includes("quota exceeded")) return "QUOTA_EXCEEDED";
  return results.includes("throttled") ? "THROTTLED" : "INVALID_API_KEY";
}

export function checkPermission(
  { method = "" }: IncomingMessage,
  { api, name }: Stage,
  { route, target }: { route: Route; target: LambdaFunction },
  { mayInvoke, onEvent }: CheckOptions,
): GatewayResponseType | undefined {
  if (mayInvoke(route.functionArn, `${api.id}/${name}/${method}${route.resource}`))
    return undefined;
  const text = `API Gateway may not invoke ${target.name}: no aws.lambda.Permission allows it`;
  onEvent({ kind: "warning", text });
  return "API_CONFIGURATION_ERROR";
}
