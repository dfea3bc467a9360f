export interface Route {
  method: string;
  /** Such as /orders/{orderId}. */
  resource: string;
  functionArn: string;
  apiKeyRequired: boolean;
}

/** The route of a request, with its path's parameters. */
export function findRoute(routes: Route[], method: string, path: string) {
  for (const route of routes) {
    if (route.method !== method && route.method !== "ANY") continue;
    const parameters = matchPath(route.resource, path);
    if (parameters === "malformed") return "malformed";
    if (parameters)
      return { route, parameters: Object.keys(parameters).length ? parameters : null };
  }
  return undefined;
}

/** The values of a resource path's {parameters}; undefined when the path is another one's. */
export function matchPath(
  resource: string,
  path: string,
): Record<string, string> | "malformed" | undefined {
  const names = resource.split("/");
  const parts = path.replace(/(.)\/$/, "$1").split("/");
  if (names.length !== parts.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [i, name] of names.entries()) {
    const part = parts[i] ?? "";
    const parameter = /^\{(.+)\}$/.exec(name)?.[1];
    if (parameter === undefined && name !== part) return undefined;
    if (parameter === undefined) continue;
    if (part === "") return undefined;
    try {
      parameters[parameter] = decodeURIComponent(part);
    } catch {
      return "malformed";
    }
  }
  return parameters;
}
