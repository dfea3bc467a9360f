import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { StackEvent } from "../events";
import {
  contextOf,
  parseTraceHeader,
  TRACE_HEADER,
  type TraceContext,
} from "../traces/trace-header";
import type { Tracing } from "../traces/tracing";
import { accessLogLine } from "./access-log";
import { type AuthorizerContext, type AuthorizerOptions, makeAuthorize } from "./authorizer";
import { checkApiKey, type CheckOptions, checkPermission } from "./checks";
import { gatewayResponse, type GatewayResponseType, modificationOf } from "./gateway-response";
import type { HttpResponse } from "./http-response";
import { integrate, makeInvoke } from "./integration";
import { proxyEvent } from "./proxy-event";
import type { RouteMatch } from "./route";
import type { Stage } from "./stage";

export interface PipelineOptions extends AuthorizerOptions, CheckOptions {
  tracing: Tracing;
}

/** A response, and how it has come about. */
export interface Outcome extends Pick<
  Extract<StackEvent, { kind: "request" }>,
  "api" | "madeBy" | "errorType" | "integrationMilliseconds"
> {
  response: HttpResponse;
}

export type Respond = (
  request: IncomingMessage,
  /** Undefined when it is too large. */
  body: Buffer | undefined,
) => Promise<Outcome>;

/** Responds to requests in API Gateway's own steps, each of which may refuse a request. */
export function makePipeline(
  options: PipelineOptions,
  stages: ReadonlyMap<string, Stage>,
): Respond {
  const { traces } = options.tracing;
  const takeSteps = makeSteps(options);

  return async (request, body) => {
    const { stageName, path, query } = partsOf(request.url ?? "/");
    const stage = stages.get(stageName);
    if (!stage) return forbidden();
    const started = new Date();
    const requestId = randomUUID();
    const match = stage.findRoute(request.method ?? "", path);
    const name = `${request.method ?? ""} /${stageName}${path}`;
    const given = parseTraceHeader(request.headers[TRACE_HEADER]);
    const span = traces.begin("request", given, { name });
    const trace = contextOf(span);
    const taken = await takeSteps({ request, body, stage, match, path, query, requestId, trace });
    const { authorizer, ...outcome } = taken;
    span.status = outcome.response.status;
    traces.end(span, troubleOf(outcome));
    stage.accessLog?.write(
      accessLogLine(stage.accessLog.format, {
        requestId,
        method: request.method ?? "",
        path,
        route: typeof match === "object" ? match.route : undefined,
        ip: request.socket.remoteAddress ?? "",
        started,
        milliseconds: Date.now() - started.getTime(),
        authorizer,
        outcome,
      }),
    );
    return outcome;
  };
}

interface ReceivedRequest {
  request: IncomingMessage;
  body: Buffer | undefined;
  stage: Stage;
  match: ReturnType<Stage["findRoute"]>;
  path: string;
  query: string;
  requestId: string;
  trace: TraceContext;
}

/** What was done for a request before its response: neither where it was refused at once. */
interface Progress {
  authorizer?: AuthorizerContext | undefined;
  integrationMilliseconds?: number | undefined;
}

type Taken = Outcome & Progress;

/** The authorizer comes before the API key, which it could give itself (apiKeySource). */
function makeSteps(options: PipelineOptions): (received: ReceivedRequest) => Promise<Taken> {
  const invoke = makeInvoke(options.onEvent);
  const authorize = makeAuthorize(options, invoke);

  return async (received) => {
    const { request, body, stage, match, path, trace } = received;
    if (!body) return refusedBy(received, "REQUEST_TOO_LARGE");
    if (!stage.admit(match)) return refusedBy(received, "THROTTLED");
    if (match === "malformed") return refusedBy(received, "BAD_REQUEST_PARAMETERS");
    const target = match && options.findFunction(match.route.functionArn);
    if (!target) return refusedBy(received, "MISSING_AUTHENTICATION_TOKEN");
    const cause = { source: `api:${stage.api.name}`, contexts: trace };
    const authorization = await authorize(request, stage, match.route, path, cause);
    const authorizer = authorization.context;
    const refusal =
      authorization.refusal ??
      checkApiKey(request, stage, match.route, options) ??
      checkPermission(request, stage, { ...match, target }, options);
    if (refusal) return refusedBy(received, refusal, { authorizer });
    const { accountId } = options.account;
    const event = eventOf({ ...received, match, body, authorizer, accountId });
    const started = performance.now();
    const response = await integrate(invoke, target, event, cause);
    const integrationMilliseconds = Math.round(performance.now() - started);
    const progress = { authorizer, integrationMilliseconds };
    if (typeof response === "string") return refusedBy(received, response, progress);
    return { response, api: apiOf(stage), madeBy: "function", ...progress };
  };
}

function refusedBy(
  { stage, requestId }: ReceivedRequest,
  type: GatewayResponseType,
  { authorizer, integrationMilliseconds }: Progress = {},
): Taken {
  const { gatewayResponses } = stage.api;
  return {
    response: gatewayResponse(type, gatewayResponses, requestId),
    api: apiOf(stage),
    madeBy: modificationOf(type, gatewayResponses) ? "modified-gateway-response" : "gateway",
    errorType: type,
    integrationMilliseconds,
    authorizer,
  };
}

function troubleOf({ response: { status }, errorType }: Outcome): string | undefined {
  if (status < 500 && errorType !== "THROTTLED") return undefined;
  return errorType ?? `status ${status}`;
}

function apiOf({ api, name }: Stage): Outcome["api"] {
  return { name: api.name, stage: name };
}

interface AdmittedRequest extends ReceivedRequest {
  body: Buffer;
  match: RouteMatch;
  authorizer: AuthorizerContext | undefined;
  accountId: string;
}

function eventOf({ stage, match: { route, parameters }, trace, ...others }: AdmittedRequest) {
  return proxyEvent({
    ...others,
    traceHeader: `Root=${trace.root}`,
    remoteAddress: others.request.socket.remoteAddress ?? "",
    stage: stage.name,
    resource: route.resource,
    pathParameters: Object.keys(parameters).length > 0 ? parameters : null,
    apiId: stage.api.id,
    binaryMediaTypes: stage.api.binaryMediaTypes,
    now: new Date(),
  });
}

function partsOf(url: string): { stageName: string; path: string; query: string } {
  const [, before = "", query = ""] = /^([^?]*)(?:\?(.*))?$/s.exec(url) ?? [];
  const [, stageName = "", path = ""] = /^\/([^/]*)(\/.*)?$/s.exec(before) ?? [];
  return { stageName, path, query };
}

// The response for a stage that does not exist: no API, so no gateway responses of its own.
function forbidden(): Outcome {
  const response: HttpResponse = {
    status: 403,
    headers: [["Content-Type", "application/json"]],
    body: Buffer.from('{"message":"Forbidden"}'),
  };
  return { response, api: undefined, madeBy: "gateway", integrationMilliseconds: undefined };
}
