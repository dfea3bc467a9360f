import { randomUUID } from "node:crypto";
import * as http from "node:http";
import type { OnEvent } from "../events";
import {
  gatewayResponse,
  type GatewayResponse,
  type GatewayResponseType,
} from "./gateway-response";
import type { LambdaFunction } from "../lambda/execution-environments";
import { httpResponse, proxyEvent, type HttpResponse } from "./proxy-event";
import { findRoute, type Route } from "./route";
import { startLoopbackServer } from "../loopback-server";
import { makeSemaphore } from "../semaphore";
import { makeTokenBucket } from "./token-bucket";
import type { UsagePlan } from "./usage-plan";

/** A REST API's definition, as far as the laptop serves it. */
export interface RestApi {
  id: string;
  routes: Route[];
  gatewayResponses: Record<string, GatewayResponse>;
  binaryMediaTypes: string[];
}

interface Stage {
  api: RestApi;
  throttle: { take(): boolean };
}

export interface ApiGateway {
  url: string;
  deploy(stageName: string, api: RestApi): void;
  setThrottle(stageName: string, limits: { rate: number; burst: number }): void;
  stop(): Promise<void>;
}

const MEBIBYTE = 1024 * 1024;
/** Of request line and headers. */
const MAX_HEADER_BYTES = 10_240;
const MAX_REQUEST_BYTES = 10 * MEBIBYTE;
/** What Lambda takes as the event of a synchronous invocation. */
const MAX_EVENT_BYTES = 6 * MEBIBYTE;
const INTEGRATION_TIMEOUT_MILLISECONDS = 29_000;
/** More requests than this wait for one another: a laptop is not a region. */
const MAX_INVOCATIONS = 10;
const ACCOUNT_LIMITS = { rate: 10_000, burst: 5_000 };

export interface ApiGatewayOptions {
  port: number;
  accountId: string;
  findFunction(arn: string): LambdaFunction | undefined;
  /** Whether the function's own policy lets this API's `<api>/<stage>/<method>/<path>` invoke it. */
  mayInvoke(functionArn: string, path: string): boolean;
  usagePlans: ReadonlyMap<string, UsagePlan>;
  onEvent: OnEvent;
  /** Calls to AWS itself find it at the API's own address, beside the stages. */
  forwardAwsCall?: (request: http.IncomingMessage, response: http.ServerResponse) => void;
}

/** Serves REST APIs as API Gateway does, on 127.0.0.1. Rejects when the port is taken. */
export async function startApiGateway(options: ApiGatewayOptions): Promise<ApiGateway> {
  const stages = new Map<string, Stage>();
  const invocations = makeSemaphore(MAX_INVOCATIONS);

  async function respond(request: http.IncomingMessage): Promise<HttpResponse> {
    const requestId = randomUUID();
    const [, path = "", query = ""] = /^([^?]*)(?:\?(.*))?$/s.exec(request.url ?? "/") ?? [];
    const [, stageName = "", rest = ""] = /^\/([^/]*)(\/.*)?$/s.exec(path) ?? [];
    const body = await readBody(request);
    const stage = stages.get(stageName);
    if (!stage) return forbidden();

    const refuse = (type: GatewayResponseType) =>
      gatewayResponse(type, stage.api.gatewayResponses, requestId);
    if (!body) return refuse("REQUEST_TOO_LARGE");
    if (!stage.throttle.take()) return refuse("THROTTLED");
    const match = findRoute(stage.api.routes, request.method ?? "", rest);
    if (match === "malformed") return refuse("BAD_REQUEST_PARAMETERS");
    const target = match && options.findFunction(match.route.functionArn);
    if (!target) return refuse("MISSING_AUTHENTICATION_TOKEN");
    const { route } = match;
    const refusal = route.apiKeyRequired ? checkApiKey(request, stage.api, stageName) : undefined;
    if (refusal) return refuse(refusal);
    const invocation = `${stage.api.id}/${stageName}/${request.method ?? ""}${route.resource}`;
    if (!options.mayInvoke(route.functionArn, invocation)) {
      const text = `API Gateway may not invoke ${target.name}: no aws.lambda.Permission allows it`;
      options.onEvent({ kind: "warning", text });
      return refuse("API_CONFIGURATION_ERROR");
    }

    const event = proxyEvent({
      request,
      remoteAddress: request.socket.remoteAddress ?? "",
      query,
      body,
      stage: stageName,
      path: rest,
      resource: route.resource,
      pathParameters: match.parameters,
      requestId,
      apiId: stage.api.id,
      accountId: options.accountId,
      binaryMediaTypes: stage.api.binaryMediaTypes,
      now: new Date(),
    });
    if (Buffer.byteLength(JSON.stringify(event)) > MAX_EVENT_BYTES)
      return refuse("REQUEST_TOO_LARGE");
    const answer = await inTime(invoke(target, event));
    if (answer === "timeout") return refuse("INTEGRATION_TIMEOUT");
    const response = answer.ok ? httpResponse(JSON.parse(answer.json)) : undefined;
    return response ?? refuse("DEFAULT_5XX");
  }

  function checkApiKey(
    { headers }: http.IncomingMessage,
    { id }: RestApi,
    stageName: string,
  ): GatewayResponseType | undefined {
    const plans = [...options.usagePlans.values()];
    const results = plans
      .filter(({ stages }) => stages.includes(`${id}/${stageName}`))
      .map((plan) => plan.use(String(headers["x-api-key"] ?? "")));
    if (results.includes("taken")) return undefined;
    if (results.includes("quota exceeded")) return "QUOTA_EXCEEDED";
    return results.includes("throttled") ? "THROTTLED" : "INVALID_API_KEY";
  }

  async function invoke(target: LambdaFunction, event: unknown) {
    const release = await invocations.acquire();
    try {
      return await target.invoke(event);
    } finally {
      release();
    }
  }

  const server = http.createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (request, response) => {
    if (options.forwardAwsCall && isAwsCall(request)) {
      options.forwardAwsCall(request, response);
      return;
    }
    const started = performance.now();
    respond(request)
      .then(({ status, headers, body }) => {
        for (const [name, value] of headers) response.setHeader(name, value);
        response.statusCode = status;
        response.end(body);
        options.onEvent({
          kind: "request",
          method: request.method ?? "",
          path: request.url ?? "",
          status,
          milliseconds: Math.round(performance.now() - started),
        });
      })
      .catch((error: unknown) => {
        response.destroy();
        options.onEvent({ kind: "warning", text: `a request broke off: ${String(error)}` });
      });
  });
  const { url, stop } = await startLoopbackServer(server, options.port);

  return {
    url,
    stop,
    deploy(stageName, api) {
      stages.set(stageName, { api, throttle: makeTokenBucket(ACCOUNT_LIMITS, Date.now) });
    },
    setThrottle(stageName, limits) {
      const stage = stages.get(stageName);
      if (stage) stage.throttle = makeTokenBucket(limits, Date.now);
    },
  };
}

function isAwsCall({ method, url, headers }: http.IncomingMessage): boolean {
  return method === "POST" && url === "/" && headers.authorization?.startsWith("AWS4-") === true;
}

/** Undefined when it is too large; read to its end all the same, so that the client gets the answer. */
async function readBody(request: http.IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_REQUEST_BYTES) chunks.push(chunk);
  }
  return size <= MAX_REQUEST_BYTES ? Buffer.concat(chunks) : undefined;
}

async function inTime<T>(work: Promise<T>): Promise<T | "timeout"> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<"timeout">((resolve) => {
    timer = setTimeout(() => resolve("timeout"), INTEGRATION_TIMEOUT_MILLISECONDS);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

// API Gateway's answer for a stage that there is none of: no API, so no shape of its own.
function forbidden(): HttpResponse {
  return {
    status: 403,
    headers: [["Content-Type", "application/json"]],
    body: Buffer.from('{"message":"Forbidden"}'),
  };
}
