import type { ExampleRequest, ItemSummary, StackDescription } from "../../protocol";
import type { PlainRequest } from "../commands";

type Outputs = StackDescription["outputs"];

/** Of a path such as `/orders/{orderId}`. */
export function pathParameters(path: string): string[] {
  return [...path.matchAll(/\{([^{}+]+)\+?\}/g)].map(([, name = ""]) => name);
}

export function filledPath(path: string, values: Record<string, string>): string {
  return path.replace(/\{([^{}+]+)\+?\}/g, (braces, name: string) =>
    values[name] ? encodeURIComponent(values[name]) : braces,
  );
}

/** Of the origin that shows the page: `localhost` may not ask `127.0.0.1`. */
export function apiAddress(outputs: Outputs, origin: string): string {
  const { apiUrl } = outputs;
  const path = apiUrl && URL.canParse(apiUrl) ? new URL(apiUrl).pathname : "/";
  return origin + path.replace(/\/$/, "");
}

export function exampleRequest(
  { method, path, headers, body }: ExampleRequest,
  outputs: Outputs,
  origin: string,
): PlainRequest {
  return {
    method,
    url: apiAddress(outputs, origin) + path,
    headers: { ...headers, ...(outputs["apiKey"] && { "x-api-key": outputs["apiKey"] }) },
    body,
  };
}

/** For each parameter that an item's key has, too: of the newest such item. */
export function newestKeys(parameters: string[], items: ItemSummary[]): Record<string, string> {
  const valueOf = (name: string) => items.flatMap(({ key }) => key[name] ?? [])[0] ?? "";
  return Object.fromEntries(parameters.map((name) => [name, valueOf(name)]));
}
