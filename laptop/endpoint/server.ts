import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { makeRefusedConditions } from "../dynamodb/refused-conditions";
import { parseAwsCall, type AwsCall } from "../aws-call";
import { accessDenied, awsError, serverError, throttled, type AwsResponse } from "./errors";
import type { Emulators } from "./emulators";
import type { OnEvent } from "../events";
import { makeCallCounter, type CountedCall, type FaultPlan } from "./fault-injection";
import type { Denial } from "../iam/authorizer";
import { isPoller } from "../iam/callers";
import { chooseMessage } from "../sns/message-structure";

export interface AwsEndpoint {
  url: string;
  /** Takes a call that has come in at another server. */
  take(request: http.IncomingMessage, response: http.ServerResponse): void;
  stop(): Promise<void>;
}

export interface AwsEndpointOptions {
  ports: Emulators["ports"];
  onEvent: OnEvent;
  /** Undefined when the caller's role has all the permissions that a call needs. */
  authorise(call: AwsCall): Denial | undefined;
  faults?: FaultPlan | undefined;
  /** Hears of each call that an emulator has performed, whether or not its answer gets through. */
  onCall?: ((call: CountedCall, answer: AwsResponse) => void) | undefined;
  /** Kills the process that makes a call. */
  kill(call: AwsCall): Promise<void>;
}

/**
 * The one door to AWS on the laptop: every call of a Lambda child and of an event source comes
 * through here, is named, authorised and passed on to the emulator that knows it, or goes wrong as
 * planned.
 */
export async function startAwsEndpoint(options: AwsEndpointOptions): Promise<AwsEndpoint> {
  const { onEvent, onCall } = options;
  const perform = makePerform(options.ports);
  const count = makeCallCounter();
  const held = new Set<http.ServerResponse>();
  const take = (request: http.IncomingMessage, response: http.ServerResponse) => {
    handle(request, response).catch(() => response.destroy());
  };
  const server = http.createServer(take);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  async function handle(request: http.IncomingMessage, response: http.ServerResponse) {
    const body = await buffer(request);
    const named = parseAwsCall(request.headers, body);
    if (!named) {
      onEvent({ kind: "warning", text: "refused a call that is not one to DynamoDB, SQS or SNS" });
      response.writeHead(400).end("not a call to DynamoDB, SQS or SNS");
      return;
    }
    const denial = options.authorise(named);
    if (denial) {
      onEvent({ kind: "warning", text: `access denied: ${denial.message}` });
      send(response, accessDenied(named.service, denial));
      return;
    }
    const call = count(named);
    const happens = async () => {
      const answer = await perform(call, request);
      onCall?.(call, answer);
      return answer;
    };
    await respondWithFault(call, response, happens);
  }

  /** Half of an answer: it is held until whoever waits for the rest gives up. */
  function stall(response: http.ServerResponse, answer: AwsResponse): void {
    if (response.closed) return;
    held.add(response);
    response.once("close", () => held.delete(response));
    const { "content-length": _length, ...headers } = answer.headers;
    writeHead(response, { ...answer, headers });
    response.flushHeaders();
    response.write(answer.body.subarray(0, answer.body.length / 2));
  }

  async function respondWithFault(
    call: CountedCall,
    response: http.ServerResponse,
    happens: () => Promise<AwsResponse>,
  ): Promise<void> {
    const fault = isFromWorkload(call) ? options.faults?.(call) : undefined;
    switch (fault) {
      case "throttled":
        send(response, throttled(call.service));
        return;
      case "server-error":
        send(response, serverError(call.service));
        return;
      case "connection-reset":
        response.destroy();
        return;
      case "response-lost-once":
        if (call.attempt > 1) break;
        await happens();
        response.destroy();
        return;
      case "response-lost":
        await happens();
        response.destroy();
        return;
      case "stalled":
        stall(response, await happens());
        return;
      case "delayed":
        if (!response.closed) await once(response, "close");
        await happens();
        return;
      case "crash-before":
        return options.kill(call);
      case "crash-after":
        await happens();
        return options.kill(call);
      case undefined:
    }
    send(response, await happens());
  }

  return {
    take,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      for (const response of held) response.destroy();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Not of whoever sets the stack up or looks at it from outside. */
function isFromWorkload({ caller, sandboxId }: AwsCall): boolean {
  return sandboxId !== undefined || isPoller(caller);
}

function send(response: http.ServerResponse, answer: AwsResponse): void {
  writeHead(response, answer);
  response.end(answer.body);
}

function writeHead(response: http.ServerResponse, { status, headers }: AwsResponse): void {
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && name !== "transfer-encoding") response.setHeader(name, value);
  }
  response.statusCode = status;
}

type Perform = (call: AwsCall, request: http.IncomingMessage) => Promise<AwsResponse>;

/** A table in memory takes some milliseconds. */
const TABLE_MILLISECONDS = 10_000;

/** Passes calls on to the emulators, with what these lack. */
function makePerform(ports: Emulators["ports"]): Perform {
  const performOnTables = makeRefusedConditions();
  return async (call, request) => {
    if (call.service === "dynamodb") {
      return performOnTables(call, (action, body) => {
        const [version = ""] = String(request.headers["x-amz-target"]).split(".");
        const changed = { "x-amz-target": `${version}.${action}` };
        // An emulator that has stumbled over a call never answers it, and the call holds its key.
        const signal = AbortSignal.timeout(TABLE_MILLISECONDS);
        return passOn(ports.dynamodb, request, body, { changed, signal });
      });
    }
    const body =
      call.service === "sns" && call.action === "Publish" ? chooseMessage(call.body) : call.body;
    if (!body) {
      const message =
        "Invalid parameter: Message Structure - No default entry in JSON message body";
      return awsError("sns", 400, "InvalidParameter", message);
    }
    return passOn(ports.messaging, request, body);
  };
}

async function passOn(
  port: number,
  { method, url, headers }: http.IncomingMessage,
  body: Buffer,
  { changed = {}, signal }: { changed?: http.OutgoingHttpHeaders; signal?: AbortSignal } = {},
): Promise<AwsResponse> {
  const onward = http.request({
    host: "127.0.0.1",
    port,
    method,
    path: url,
    headers: { ...headers, ...changed, "content-length": String(body.length) },
    ...(signal && { signal }),
  });
  onward.end(body);
  const [answer] = (await once(onward, "response")) as [http.IncomingMessage];
  return { status: answer.statusCode ?? 500, headers: answer.headers, body: await buffer(answer) };
}
