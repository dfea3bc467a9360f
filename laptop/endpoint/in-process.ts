import { HttpResponse } from "@smithy/core/protocols";
import type { AwsRequest } from "../aws-call";
import type { AwsResponse } from "./errors";
import type { Reply } from "./reply";

/** An SDK client's request, with what the laptop needs of it. */
interface SdkRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string | Uint8Array;
}

/** What an SDK client of this process takes as its `requestHandler`. */
export interface InProcessHandler {
  handle(
    request: SdkRequest,
    options?: { abortSignal?: AbortSignal | { aborted: boolean } },
  ): Promise<{ response: HttpResponse }>;
}

/** Lets the laptop's own SDK clients call the endpoint without HTTP: a poller makes two calls for each order. */
export function inProcessHandler(
  handle: (request: AwsRequest, reply: Reply) => void,
): InProcessHandler {
  return {
    handle: ({ method, path, headers, body }, { abortSignal } = {}) =>
      new Promise((resolve, reject) => {
        const reply = promisedReply((response) => resolve({ response }), reject);
        if (abortSignal instanceof AbortSignal) closeOnAbort(reply, abortSignal, reject);
        if (!reply.closed) handle({ method, url: path, headers, body: bytesOf(body) }, reply);
      }),
  };
}

function closeOnAbort(reply: Reply, signal: AbortSignal, reject: (reason: Error) => void): void {
  function abort(): void {
    reject(Object.assign(new Error("the call was aborted"), { name: "AbortError" }));
    reply.close();
  }
  if (signal.aborted) {
    abort();
    return;
  }
  signal.addEventListener("abort", abort);
  reply.onClose(() => signal.removeEventListener("abort", abort));
}

function bytesOf(body: SdkRequest["body"] = ""): Buffer {
  if (typeof body === "string") return Buffer.from(body);
  // Not from the array itself: the SDK's own kind of it takes the use of its value for a mistake.
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}

function promisedReply(
  resolve: (response: HttpResponse) => void,
  reject: (reason: Error) => void,
): Reply {
  const listeners: (() => void)[] = [];
  let closed = false;

  function close(): void {
    if (closed) return;
    closed = true;
    for (const listener of listeners) listener();
  }

  return {
    get closed() {
      return closed;
    },
    onClose: (listener) => void listeners.push(listener),
    send(response) {
      resolve(httpResponse(response));
      close();
    },
    sendHalf: () => undefined,
    close() {
      // As Node says it of a connection: the SDK calls again.
      reject(Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }));
      close();
    },
  };
}

function httpResponse({ status, headers, body }: AwsResponse): HttpResponse {
  const texts = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return new HttpResponse({
    statusCode: status,
    headers: Object.fromEntries(texts) as Record<string, string>,
    body: new Uint8Array(body),
  });
}
