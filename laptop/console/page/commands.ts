import { CONSOLE, CONSOLE_HEADER, type OutageKind } from "../protocol";

/** What `curl` and `fetch` need to know of a request. */
export interface PlainRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string | undefined;
}

export function curl({ method, url, headers, body }: PlainRequest): string {
  return [
    method === "GET" ? "curl -i" : `curl -i -X ${method}`,
    quoted(url),
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body ? [`-d ${quoted(body)}`] : []),
  ].join(" ");
}

export function startOutageCommand(
  origin: string,
  service: string,
  kind: OutageKind,
  seconds: number,
): string {
  const body = quoted(JSON.stringify({ service, kind, seconds }));
  return `curl -X POST ${origin}${CONSOLE}/api/outages -H '${CONSOLE_HEADER}: 1' -d ${body}`;
}

export function endOutageCommand(origin: string, service: string): string {
  return `curl -X DELETE ${origin}${CONSOLE}/api/outages/${service} -H '${CONSOLE_HEADER}: 1'`;
}

/** As one word of a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
