import * as http from "node:http";
import { signedService } from "../aws-call";
import { type LoopbackServer, startLoopbackServer } from "../loopback-server";
import { readBody } from "../read-body";
import type { HttpResponse } from "./http-response";
import { makePipeline, type PipelineOptions, type Respond } from "./pipeline";
import { type AccessLog, makeStage, type RestApi, type Stage, type ThrottleLimits } from "./stage";

export interface ApiGateway extends LoopbackServer {
  deploy(stageName: string, api: RestApi, accessLog?: AccessLog): void;
  /** `methodPath`: see Stage. Throws where there is no such stage or method. */
  setThrottle(stageName: string, methodPath: string, limits: ThrottleLimits): void;
}

/** Of request line and headers. */
const MAX_HEADER_BYTES = 10_240;
const MAX_REQUEST_BYTES = 10 * 1024 * 1024;

/** Where whoever operates the stack finds its outputs. */
const OUTPUTS = "/_laptop/outputs";

export interface Beside {
  path: string;
  handle: http.RequestListener;
}

export interface ApiGatewayOptions extends PipelineOptions {
  port: number;
  /** Calls to AWS itself find it at the API's own address, beside the stages. */
  forwardAwsCall?: (request: http.IncomingMessage, response: http.ServerResponse) => void;
  /** What the laptop serves beside the stages, below paths that no stage can have. */
  beside?: readonly Beside[];
  /** What the program exports, once it has run. */
  outputs?: () => Record<string, unknown> | undefined;
}

/** Serves REST APIs as API Gateway does, on 127.0.0.1. Rejects when the port is taken. */
export async function startApiGateway(options: ApiGatewayOptions): Promise<ApiGateway> {
  const stages = new Map<string, Stage>();
  const handle = makeHandler(makePipeline(options, stages), options);
  const { forwardAwsCall = handle, beside = [] } = options;
  const server = http.createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (request, response) => {
    if (isAwsCall(request)) forwardAwsCall(request, response);
    else if (request.url === OUTPUTS) respondWithOutputs(request, response, options.outputs?.());
    else {
      const other = beside.find(({ path }) => `${request.url ?? ""}/`.startsWith(`${path}/`));
      (other?.handle ?? handle)(request, response);
    }
  });
  return {
    ...(await startLoopbackServer(server, options.port)),
    deploy(stageName, api, accessLog) {
      stages.set(stageName, makeStage(stageName, api, accessLog));
    },
    setThrottle(stageName, methodPath, limits) {
      const stage = stages.get(stageName);
      if (!stage) throw new Error(`there is no stage ${stageName}`);
      stage.setThrottle(methodPath, limits);
    },
  };
}

function makeHandler(respond: Respond, { onEvent }: ApiGatewayOptions) {
  return (request: http.IncomingMessage, response: http.ServerResponse): void => {
    const { method = "", url: path = "" } = request;
    const started = performance.now();
    readBody(request, MAX_REQUEST_BYTES)
      .then((body) => respond(request, body))
      .then(({ response: content, ...how }) => {
        send(response, content);
        const milliseconds = Math.round(performance.now() - started);
        onEvent({ kind: "request", method, path, status: content.status, milliseconds, ...how });
      })
      .catch((error: unknown) => {
        response.destroy();
        onEvent({ kind: "warning", text: `a request failed: ${String(error)}` });
      });
  };
}

/** 404 until there are outputs. */
function respondWithOutputs(
  { method }: http.IncomingMessage,
  response: http.ServerResponse,
  outputs: Record<string, unknown> | undefined,
): void {
  if (method !== "GET") response.writeHead(405).end();
  else if (!outputs) response.writeHead(404).end();
  else {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(outputs));
  }
}

function send(response: http.ServerResponse, { status, headers, body }: HttpResponse): void {
  for (const [name, value] of headers) response.setHeader(name, value);
  response.statusCode = status;
  response.end(body);
}

/** Requests to APIs may be signed too, and are then for `execute-api`. */
function isAwsCall({ headers }: http.IncomingMessage): boolean {
  const service = signedService(headers);
  return service !== undefined && service !== "execute-api";
}
