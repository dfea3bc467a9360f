import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { type Asset, ASSETS } from "./assets";
import { type ConsoleStack, Refusal } from "./console-stack";
import { REFERENCE_POLICY, refusalOf, SECURITY_HEADERS } from "./door";
import { CONSOLE } from "./protocol";
import { makeRoutes } from "./routes";
import { makeUpdates } from "./updates";

const MAX_BODY_BYTES = 100_000;

export interface Console {
  /** Below it the gateway's own server serves the console. */
  path: string;
  handle: RequestListener;
  /** Lets open pages begin anew: what was registered is another. */
  restart(): void;
  /** Ends the commands that it has started. */
  stop(): void;
}

/** The console: its page, what the page asks for, and a stream of updates. Others than this machine are refused. */
export function makeConsole(stack: ConsoleStack): Console {
  const stopping = new AbortController();
  const updates = makeUpdates(stack);
  const routes = makeRoutes(stack, () => updates.restart(), stopping.signal);

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const path = url.pathname.slice(CONSOLE.length) || "/";
    const refusal = refusalOf(request);
    if (refusal !== undefined) {
      sendJson(response, 403, { message: `refused: ${refusal}` });
      return;
    }
    if (request.method === "GET" && path === "/api/updates") {
      response.writeHead(200, { ...SECURITY_HEADERS, "content-type": "text/event-stream" });
      const lastEventId = request.headers["last-event-id"];
      updates.stream(response, typeof lastEventId === "string" ? lastEventId : undefined);
      return;
    }
    if (url.pathname === CONSOLE) {
      response.writeHead(308, { location: `${CONSOLE}/` }).end();
      return;
    }
    const asset = request.method === "GET" ? ASSETS[path] : undefined;
    if (asset) {
      sendAsset(response, path, await asset());
      return;
    }
    const body = request.method === "GET" ? undefined : await readJson(request);
    sendJson(response, 200, await routes(request.method ?? "", path, url.searchParams, body));
  }

  return {
    path: CONSOLE,
    handle(request, response) {
      respond(request, response).catch((error: unknown) => sendError(response, error));
    },
    restart: () => updates.restart(),
    stop: () => stopping.abort(),
  };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Refusal(413, "the body is too large");
    chunks.push(chunk);
  }
  try {
    return size === 0 ? {} : (JSON.parse(Buffer.concat(chunks).toString()) as unknown);
  } catch {
    throw new Refusal(400, "the body must be JSON");
  }
}

function sendAsset(response: ServerResponse, path: string, { type, body }: Asset): void {
  const headers = path === "/reference/" ? REFERENCE_POLICY : SECURITY_HEADERS;
  response.writeHead(200, { ...headers, "content-type": type }).end(body);
}

function sendError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) response.destroy();
  else if (error instanceof Refusal) sendJson(response, error.status, error);
  else sendJson(response, 500, { message: String(error) });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const { message } = body as { message?: string };
  const content = status === 200 ? body : { message };
  response.writeHead(status, { ...SECURITY_HEADERS, "content-type": "application/json" });
  response.end(JSON.stringify(content));
}
