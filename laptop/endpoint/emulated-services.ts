import type { IncomingHttpHeaders } from "node:http";
import type { Answers } from "../aws-answer";
import type { AwsCall, AwsRequest, Service, WatchingService } from "../aws-call";
import { makeTableCalls, type OnWrite } from "../dynamodb/table-calls";
import { chooseMessage } from "../sns/message-structure";
import type { TraceContext } from "../traces/trace-header";
import type { Tracing } from "../traces/tracing";
import { within } from "../within";
import type { Emulate, Emulator } from "./emulators";
import { awsError, type AwsResponse, JSON_TYPE } from "./errors";
import { makeMessageTraces } from "./message-traces";

/** Performs a call that has come in as a request. `context`: of its trace header. */
export type Perform = (
  call: AwsCall,
  request: AwsRequest,
  context: TraceContext | undefined,
) => Promise<AwsResponse>;

/** Forwards calls to the emulators, adds what these lack, and answers those that look at the laptop itself. */
export function makePerform(
  emulate: Emulate,
  answers: Answers,
  { messages, items }: Tracing,
): Perform {
  const performOnTables = performOnDynamodb(emulate, (...write) => items.wrote(...write));
  const traced = makeMessageTraces(messages);
  const onMessaging: Perform = (call, request, context) =>
    traced(call, context, () => performOnMessaging(emulate, call, request));
  const onLaptop =
    (service: WatchingService): Perform =>
    (call) =>
      Promise.resolve(answer(service, answers[service], call));
  const performOn: Record<Service | WatchingService, Perform> = {
    dynamodb: performOnTables,
    sqs: onMessaging,
    sns: onMessaging,
    cloudwatch: onLaptop("cloudwatch"),
    logs: onLaptop("logs"),
    lambda: onLaptop("lambda"),
    scheduler: onLaptop("scheduler"),
  };
  return (call, ...others) => performOn[call.service](call, ...others);
}

function answer(
  service: WatchingService,
  known: Answers[WatchingService],
  call: AwsCall,
): AwsResponse {
  const read = Object.hasOwn(known, call.action) ? known[call.action] : undefined;
  if (!read) {
    const names = Object.keys(known).join(", ");
    const message = `the laptop does not know ${call.action} of ${service}, only ${names}`;
    return awsError(service, 400, "UnknownOperationException", message);
  }
  const result = read(call);
  if (!result.ok) return awsError(service, result.status, result.code, result.message);
  return {
    status: 200,
    headers: { "content-type": JSON_TYPE },
    body: Buffer.from(JSON.stringify(result.value)),
  };
}

/** A table in memory takes some milliseconds. */
const TABLE_MILLISECONDS = 10_000;

function performOnDynamodb(emulate: Emulate, onWrite: OnWrite): Perform {
  const perform = makeTableCalls(onWrite);
  return (call, request, context) =>
    perform(call, context, (action, body) => {
      const [version = ""] = String(request.headers["x-amz-target"]).split(".");
      const changed = { "x-amz-target": `${version}.${action}` };
      // An emulator that has failed at a call never responds to it, and the call holds its key.
      return within(
        TABLE_MILLISECONDS,
        forward(emulate, "dynamodb", request, body, changed),
        "the emulator of DynamoDB does not respond",
      );
    });
}

async function performOnMessaging(
  emulate: Emulate,
  { service, action, body }: AwsCall,
  request: AwsRequest,
): Promise<AwsResponse> {
  const understood = service === "sns" && action === "Publish" ? chooseMessage(body) : body;
  if (understood) return forward(emulate, "messaging", request, understood);
  const message = "Invalid parameter: Message Structure - No default entry in JSON message body";
  return awsError("sns", 400, "InvalidParameter", message);
}

function forward(
  emulate: Emulate,
  emulator: Emulator,
  { method = "", url = "/", headers }: AwsRequest,
  body: Buffer,
  changed: IncomingHttpHeaders = {},
): Promise<AwsResponse> {
  const length = { "content-length": String(body.length) };
  const request = { method, url, headers: { ...headers, ...changed, ...length } };
  return emulate(emulator, { ...request, body: body.toString() });
}
