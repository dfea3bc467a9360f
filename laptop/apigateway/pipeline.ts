import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { OnEvent, StackEvent } from "../events";
import type { LambdaFunction } from "../lambda/execution-environments";
import { accessLogLine } from "./access-log";
import { gatewayResponse, type GatewayResponseType, modificationOf } from "./gateway-response";
import { makeIntegration } from "./integration";
import { type HttpResponse, proxyEvent } from "./proxy-event";
import type { Route, RouteMatch } from "./route";
import type { Stage } from "./stage";
import type { UsagePlan } from "./usage-plan";

export interface PipelineOptions {
  accountId: string;
  findFunction: (arn: string) => LambdaFunction | undefined;
  /** Whether the function's own policy lets this API's `<api>/<stage>/<method>/<path>` invoke it. */
  mayInvoke: (functionArn: string, path: string) => boolean;
  usagePlans: ReadonlyMap<string, UsagePlan>;
  onEvent: OnEvent;
}

/** A response, and how it has come about. */
export interface Outcome extends Pick<
  Extract<StackEvent, { kind: "request" }>,
  "api" | "madeBy" | "integrationMilliseconds"
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
  const takeSteps = makeSteps(options);

  return async (request, body) => {
    const { stageName, path, query } = partsOf(request.url ?? "/");
    const stage = stages.get(stageName);
    if (!stage) return forbidden();
    const started = new Date();
    const requestId = randomUUID();
    const match = stage.findRoute(request.method ?? "", path);
    const taken = await takeSteps({ request, body, stage, match, path, query, requestId });
    const { errorType, ...outcome } = taken;
    stage.accessLog?.write(
      accessLogLine(stage.accessLog.format, {
        requestId,
        method: request.method ?? "",
        path,
        route: typeof match === "object" ? match.route : undefined,
        ip: request.socket.remoteAddress ?? "",
        started,
        milliseconds: Date.now() - started.getTime(),
        errorType,
        outcome,
      }),
    );
    return outcome;
  };
}

/** `errorType`: of API Gateway's own responses. */
type Taken = Outcome & { errorType: GatewayResponseType | undefined };

interface ReceivedRequest {
  request: IncomingMessage;
  body: Buffer | undefined;
  stage: Stage;
  match: ReturnType<Stage["findRoute"]>;
  path: string;
  query: string;
  requestId: string;
}

function makeSteps(options: PipelineOptions): (received: ReceivedRequest) => Promise<Taken> {
  const integrate = makeIntegration(options.onEvent);

  return async ({ request, body, match, ...others }) => {
    const { stage, requestId } = others;
    const refuse = (type: GatewayResponseType, milliseconds?: number) =>
      refusedBy(stage, type, requestId, milliseconds);
    if (!body) return refuse("REQUEST_TOO_LARGE");
    if (!stage.admit(match)) return refuse("THROTTLED");
    if (match === "malformed") return refuse("BAD_REQUEST_PARAMETERS");
    const target = match && options.findFunction(match.route.functionArn);
    if (!target) return refuse("MISSING_AUTHENTICATION_TOKEN");
    const refusal =
      checkApiKey(request, stage, match.route, options) ??
      checkPermission(request, stage, { ...match, target }, options);
    if (refusal) return refuse(refusal);
    const parts = { ...others, match, body, accountId: options.accountId };
    const started = performance.now();
    const response = await integrate(target, eventOf(request, parts));
    const integrationMilliseconds = Math.round(performance.now() - started);
    if (typeof response === "string") return refuse(response, integrationMilliseconds);
    const how = { api: apiOf(stage), madeBy: "function", integrationMilliseconds } as const;
    return { response, ...how, errorType: undefined };
  };
}

function refusedBy(
  stage: Stage,
  type: GatewayResponseType,
  requestId: string,
  integrationMilliseconds: number | undefined,
): Taken {
  const { gatewayResponses } = stage.api;
  return {
    response: gatewayResponse(type, gatewayResponses, requestId),
    api: apiOf(stage),
    madeBy: modificationOf(type, gatewayResponses) ? "modified-gateway-response" : "gateway",
    integrationMilliseconds,
    errorType: type,
  };
}

function apiOf({ api, name }: Stage): Outcome["api"] {
  return { name: api.name, stage: name };
}

interface RequestParts {
  stage: Stage;
  match: RouteMatch;
  path: string;
  query: string;
  body: Buffer;
  requestId: string;
  accountId: string;
}

function eventOf(request: IncomingMessage, { stage, match, ...parts }: RequestParts) {
  const { route, parameters } = match;
  return proxyEvent({
    ...parts,
    request,
    remoteAddress: request.socket.remoteAddress ?? "",
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

function checkApiKey(
  { headers }: IncomingMessage,
  stage: Stage,
  { apiKeyRequired }: Route,
  { usagePlans }: PipelineOptions,
): GatewayResponseType | undefined {
  if (!apiKeyRequired) return undefined;
  const results = [...usagePlans.values()]
    .filter(({ stages }) => stages.includes(`${stage.api.id}/${stage.name}`))
    .map((plan) => plan.use(String(headers["x-api-key"] ?? "")));
  if (results.includes("allowed")) return undefined;
  if (results.includes("quota exceeded")) return "QUOTA_EXCEEDED";
  return results.includes("throttled") ? "THROTTLED" : "INVALID_API_KEY";
}

function checkPermission(
  { method = "" }: IncomingMessage,
  { api, name }: Stage,
  { route, target }: { route: Route; target: LambdaFunction },
  { mayInvoke, onEvent }: PipelineOptions,
): GatewayResponseType | undefined {
  if (mayInvoke(route.functionArn, `${api.id}/${name}/${method}${route.resource}`))
    return undefined;
  const text = `API Gateway may not invoke ${target.name}: no aws.lambda.Permission allows it`;
  onEvent({ kind: "warning", text });
  return "API_CONFIGURATION_ERROR";
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
