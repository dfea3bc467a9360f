import type { TokenAuthorizer } from "./authorizer";

export interface Route {
  method: string;
  /** Such as /orders/{orderId}, or /files/{path+} for all that is below /files. */
  resource: string;
  functionArn: string;
  apiKeyRequired: boolean;
  authorizer?: TokenAuthorizer | undefined;
}

export interface RouteMatch {
  route: Route;
  parameters: Record<string, string>;
}

/** The route of a request: a fixed path goes before a parameter, and a parameter before a greedy one. */
export function findRoute(
  routes: Route[],
  method: string,
  path: string,
): RouteMatch | "malformed" | undefined {
  const candidates = routes.filter((route) => [method, "ANY"].includes(route.method));
  for (const route of candidates.sort(bySpecificity)) {
    const parameters = matchPath(route.resource, path);
    if (parameters) return parameters === "malformed" ? parameters : { route, parameters };
  }
  return undefined;
}

/** The values of a resource path's {parameters}; undefined when the path is another one's. */
export function matchPath(
  resource: string,
  path: string,
): Record<string, string> | "malformed" | undefined {
  const values = patternOf(resource)
    .exec(path.replace(/(.)\/$/, "$1"))
    ?.slice(1);
  try {
    return (
      values &&
      Object.fromEntries(
        namesIn(resource).map((name, i) => [name, decodeURIComponent(values[i] ?? "")]),
      )
    );
  } catch {
    return "malformed";
  }
}

function namesIn(resource: string): string[] {
  const parameters = resource.split("/").filter((part) => rankOf(part) > 0);
  return parameters.map((part) => part.slice(1, part.endsWith("+}") ? -2 : -1));
}

function patternOf(resource: string): RegExp {
  const parts = resource.split("/").map((part) => {
    const rank = rankOf(part);
    if (rank === 0) return part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return rank === 1 ? "([^/]+)" : "(.+)";
  });
  return new RegExp(`^${parts.join("/")}$`, "s");
}

/** 0 for a fixed part of a path, 1 for {parameter}, 2 for {greedy+}. */
function rankOf(part: string): number {
  if (!/^\{.+\}$/.test(part)) return 0;
  return part.endsWith("+}") ? 2 : 1;
}

function bySpecificity(one: Route, other: Route): number {
  const others = other.resource.split("/");
  for (const [i, part] of one.resource.split("/").entries()) {
    const difference = rankOf(part) - rankOf(others[i] ?? "");
    if (difference !== 0) return difference;
  }
  return Number(one.method === "ANY") - Number(other.method === "ANY");
}
