import {
  type CommandResult,
  CONSOLE,
  CONSOLE_HEADER,
  type ConsoleError,
  type FunctionLog,
  type Item,
  type ItemList,
  type OutageKind,
  type QueueMessage,
  type StackDescription,
  type Trace,
  type TraceList,
} from "../protocol";

export type Result<T> = { ok: true; value: T } | { ok: false; message: string };

const part = encodeURIComponent;
export const UPDATES = `${CONSOLE}/api/updates`;

// The laptop that serves the page answers by the same protocol.ts.
export const fetchStack = () => call("GET", "stack") as Promise<Result<StackDescription>>;
export const fetchTrace = (id: string) =>
  call("GET", `traces/${part(id)}`) as Promise<Result<Trace>>;
export const searchTraces = (text: string) =>
  call("GET", `traces?search=${part(text)}`) as Promise<Result<TraceList>>;
export const fetchItem = (table: string, id: string) =>
  call("GET", `items/${part(table)}/${id}`) as Promise<Result<Item>>;
export const searchItems = (table: string, text: string) =>
  call("GET", `items?table=${part(table)}&search=${part(text)}`) as Promise<Result<ItemList>>;
export const peek = (queue: string) =>
  call("GET", `queues/${part(queue)}/messages`) as Promise<Result<QueueMessage[]>>;
export const fetchLog = (name: string) =>
  call("GET", `functions/${part(name)}/log`) as Promise<Result<FunctionLog>>;

export const startOutage = (service: string, kind: OutageKind, seconds: number) =>
  call("POST", "outages", { service, kind, seconds });
export const endOutage = (service: string) => call("DELETE", `outages/${part(service)}`);
export const kill = (name: string, pid: number) => call("POST", "kill", { function: name, pid });
export const reset = () => call("POST", "reset", {});
export const runCommand = (name: string) =>
  call("POST", `commands/${part(name)}`, {}) as Promise<Result<CommandResult>>;

async function call(method: string, path: string, body?: object): Promise<Result<unknown>> {
  try {
    const response = await fetch(`${CONSOLE}/api/${path}`, {
      method,
      ...(method !== "GET" && {
        headers: { [CONSOLE_HEADER]: "1", "content-type": "application/json" },
      }),
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) return { ok: false, message: messageIn(text) || `HTTP ${response.status}` };
    return { ok: true, value: text === "" ? undefined : (JSON.parse(text) as unknown) };
  } catch (error) {
    return { ok: false, message: `The laptop stack does not answer: ${String(error)}` };
  }
}

function messageIn(text: string): string {
  try {
    return (JSON.parse(text) as ConsoleError).message;
  } catch {
    return text;
  }
}
