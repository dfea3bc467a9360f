import type { GatewayResponse } from "./gateway-response";
import { makePolicyCache, type PolicyCache } from "./policy-cache";
import { findRoute, type Route, type RouteMatch } from "./route";
import { makeTokenBucket } from "./token-bucket";

/** A REST API's definition, as far as the laptop serves it. */
export interface RestApi {
  id: string;
  name: string;
  routes: Route[];
  gatewayResponses: Record<string, GatewayResponse>;
  binaryMediaTypes: string[];
}

export interface ThrottleLimits {
  rate: number;
  burst: number;
}

/** Where a stage writes a line for each request. */
export interface AccessLog {
  /** With `$context.` variables. */
  format: string;
  write: (line: string) => void;
}

/** A deployed REST API, with the throttles of its routes. */
export interface Stage {
  name: string;
  api: RestApi;
  accessLog: AccessLog | undefined;
  /** What authorizers have said of callers; all routes share it. */
  policies: PolicyCache;
  findRoute: (method: string, path: string) => RouteMatch | "malformed" | undefined;
  /** `methodPath`: such as `orders/POST`, or ALL_METHODS for those without a throttle of their own. */
  setThrottle(methodPath: string, limits: ThrottleLimits): void;
  /** False when the request is throttled. */
  admit(match: ReturnType<Stage["findRoute"]>): boolean;
}

export const ACCOUNT_LIMITS: ThrottleLimits = { rate: 10_000, burst: 5_000 };
const ALL_METHODS = "*/*";

export function makeStage(name: string, api: RestApi, accessLog?: AccessLog): Stage {
  const ofAll = makeTokenBucket(ACCOUNT_LIMITS, Date.now);
  const throttles = new Map([[ALL_METHODS, ofAll]]);
  return {
    name,
    api,
    accessLog,
    policies: makePolicyCache(Date.now),
    findRoute: (method, path) => findRoute(api.routes, method, path),
    setThrottle(given, limits) {
      // AWS's own form of a path has ~1 for each slash.
      const methodPath = given.replaceAll("~1", "/").replace(/^\//, "");
      const known = [ALL_METHODS, ...api.routes.map(methodPathOf)];
      if (!known.includes(methodPath)) {
        throw new Error(`the stage ${name} has no method ${given}, only ${known.join(", ")}`);
      }
      throttles.set(methodPath, makeTokenBucket(limits, Date.now));
    },
    admit(match) {
      const own = typeof match === "object" ? throttles.get(methodPathOf(match.route)) : undefined;
      return (own ?? throttles.get(ALL_METHODS) ?? ofAll).take();
    },
  };
}

function methodPathOf({ resource, method }: Route): string {
  return `${resource.replace(/^\//, "")}/${method}`;
}
