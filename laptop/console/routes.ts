import { endOutage, forget, kill, runCommand, startOutage } from "./actions";
import { type ConsoleStack, Refusal } from "./console-stack";
import {
  contractOf,
  describe,
  lastLines,
  listItems,
  listTraces,
  peekAt,
  showItem,
  showTrace,
} from "./views";

type Handler = (parameters: string[], query: URLSearchParams, body: unknown) => unknown;
export type Routes = (
  method: string,
  path: string,
  query: URLSearchParams,
  body: unknown,
) => Promise<unknown>;

/** By method and path, in which `*` stands for any part. `signal` ends the commands that were started. */
export function makeRoutes(
  stack: ConsoleStack,
  restartPages: () => void,
  signal: AbortSignal,
): Routes {
  const handlers: Record<string, Handler> = {
    "GET /api/stack": () => describe(stack),
    "GET /api/contract": () => contractOf(stack),
    "GET /api/traces": (_, query) => listTraces(stack, query.get("search") ?? ""),
    "GET /api/traces/*": ([id = ""]) => showTrace(stack, id),
    "GET /api/items": (_, query) => listItems(stack, query),
    "GET /api/items/*": ([table = "", ...key]) => showItem(stack, table, key.join("/")),
    "GET /api/queues/*/messages": ([queue = ""]) => peekAt(stack, queue),
    "GET /api/functions/*/log": ([name = ""]) => lastLines(stack, name),
    "POST /api/outages": (_, __, body) => startOutage(stack, body),
    "DELETE /api/outages/*": ([service = ""]) => endOutage(stack, service),
    "POST /api/kill": (_, __, body) => kill(stack, body),
    "POST /api/commands/*": ([name = ""]) => runCommand(stack, name, signal),
    "POST /api/reset": async () => {
      const result = await stack.reset();
      forget(stack);
      restartPages();
      return result;
    },
  };
  return async (method, path, query, body) => {
    for (const [route, handler] of Object.entries(handlers)) {
      const parameters = parametersOf(route, `${method} ${path}`);
      if (parameters) return await handler(parameters, query, body);
    }
    throw new Refusal(404, `there is no ${method} ${path}`);
  };
}

/** Undefined where the route is another; the last `*` takes all that is left. */
function parametersOf(route: string, asked: string): string[] | undefined {
  const [before = "", after = ""] = route.split("*");
  if (!route.includes("*")) return route === asked ? [] : undefined;
  if (!asked.startsWith(before) || !asked.endsWith(after)) return undefined;
  const between = asked.slice(before.length, asked.length - after.length);
  return between === "" ? undefined : between.split("/");
}
