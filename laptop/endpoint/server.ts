import * as http from "node:http";
import { type Answers, NO_ANSWERS } from "../aws-answer";
import { type AwsCall, type AwsRequest, parseAwsCall, signedService } from "../aws-call";
import type { OnEvent } from "../events";
import type { Denial } from "../iam/authorizer";
import { type LoopbackServer, startLoopbackServer } from "../loopback-server";
import { readBody } from "../read-body";
import { makeTracedCalls } from "../traces/calls";
import { parseTraceHeader, TRACE_HEADER } from "../traces/trace-header";
import type { Tracing } from "../traces/tracing";
import { makePerform } from "./emulated-services";
import type { Emulate } from "./emulators";
import { accessDenied, type AwsResponse, queryError } from "./errors";
import { type CountedCall, makeCallCounter } from "./fault-injection";
import { type InProcessHandler, inProcessHandler } from "./in-process";
import { httpReply, type Reply } from "./reply";
import { makeResponder, type Responder, type ResponderOptions } from "./responder";

export interface AwsEndpoint extends LoopbackServer {
  /** Handles a call that has come in at another server. */
  handle: Handle;
  /** For SDK clients of this process. */
  requestHandler: InProcessHandler;
}

/** DynamoDB's, the largest of all. */
const MAX_REQUEST_BYTES = 16 * 1024 * 1024;

type Handle = (request: http.IncomingMessage, response: http.ServerResponse) => void;

export interface AwsEndpointOptions extends ResponderOptions {
  emulate: Emulate;
  /** What the laptop answers itself; nothing by default. */
  answers?: Answers;
  onEvent: OnEvent;
  /** Undefined when the caller's role has all the permissions that a call needs. */
  authorise: (call: AwsCall) => Denial | undefined;
  /** Notified of each call that an emulator has performed, whether or not its response gets through. */
  onCall?: ((call: CountedCall, response: AwsResponse) => void) | undefined;
  tracing: Tracing;
}

/**
 * The one door to AWS on the laptop: every call of a Lambda child and of an event source comes
 * through here, is parsed, authorised and forwarded to the emulator that knows it, or fails as planned.
 */
export async function startAwsEndpoint(options: AwsEndpointOptions): Promise<AwsEndpoint> {
  const responder = makeResponder(options);
  const handleCall = makeHandler(options, responder.respond);
  const answer = (request: AwsRequest, reply: Reply) => {
    handleCall(request, reply).catch(() => reply.close());
  };
  const handle: Handle = (request, response) => {
    readBody(request, MAX_REQUEST_BYTES).then(
      (body) => {
        const { method, url, headers } = request;
        answer({ method, url, headers, body }, httpReply(response));
      },
      () => response.destroy(),
    );
  };
  const server = await startLoopbackServer(http.createServer(handle), 0);
  return {
    url: server.url,
    handle,
    requestHandler: inProcessHandler(answer),
    async stop() {
      responder.stop();
      await server.stop();
    },
  };
}

function makeHandler(options: AwsEndpointOptions, respond: Responder["respond"]) {
  const { emulate, answers = NO_ANSWERS, onEvent, onCall, authorise } = options;
  const performCall = makePerform(emulate, answers, options.tracing);
  const trace = makeTracedCalls(options.tracing.traces);
  const count = makeCallCounter();
  return async (request: AwsRequest, reply: Reply): Promise<void> => {
    const parsed = request.body && parseAwsCall(request, request.body);
    if (!parsed) {
      const text = whyUnknown(request.headers);
      onEvent({ kind: "warning", text: `refused a call: ${text}` });
      reply.send(notUnderstood(request.headers, text));
      return;
    }
    const context = parseTraceHeader(request.headers[TRACE_HEADER]);
    const traced = context && trace(context, parsed);
    if (traced) reply.onClose(() => traced.end());
    const denial = authorise(parsed);
    if (denial) {
      if (traced) traced.outcome = "denied";
      onEvent({ kind: "warning", text: `access denied: ${denial.message}` });
      reply.send(accessDenied(parsed.service, denial));
      return;
    }
    const call = count(parsed);
    const perform = async () => {
      const awsResponse = await performCall(call, request, context);
      onCall?.(call, awsResponse);
      if (traced?.outcome === "ok") traced.outcome = outcomeOf(awsResponse);
      return awsResponse;
    };
    await respond({
      ...{ call, reply, perform },
      onFault: (fault) => {
        if (traced) traced.outcome = fault;
      },
    });
  };
}

/** "ok", or the code of the error. */
function outcomeOf({ status, headers, body }: AwsResponse): string {
  if (status < 400) return "ok";
  const type = String(
    headers["x-amzn-errortype"] ?? /"__type":"([^"]+)"/.exec(body.toString())?.[1],
  );
  const code = /<Code>([^<]+)<\/Code>/.exec(body.toString())?.[1];
  return code ?? type.slice(type.indexOf("#") + 1);
}

function whyUnknown(headers: http.IncomingHttpHeaders): string {
  return signedService(headers) === "monitoring"
    ? "of CloudWatch's protocols the laptop knows JSON only (x-amz-target), which newer AWS SDKs speak"
    : "it is not one to DynamoDB, SQS, SNS, CloudWatch, CloudWatch Logs, Lambda or EventBridge Scheduler";
}

function notUnderstood(headers: http.IncomingHttpHeaders, message: string): AwsResponse {
  const isQuery = headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
  if (isQuery === true) return queryError(400, "InvalidAction", message);
  return { status: 400, headers: { "content-type": "text/plain" }, body: Buffer.from(message) };
}
