import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { validate } from "superstruct";
import { jsonObject } from "./json-object";

/** What emulators stand in for, and a stack works with: it can be cut off from each of them. */
export const SERVICES = ["dynamodb", "sqs", "sns"] as const;
export type Service = (typeof SERVICES)[number];

/** What an operator looks at a stack with: some of their calls that read are answered. */
export const WATCHING_SERVICES = ["cloudwatch", "logs", "lambda", "scheduler"] as const;
export type WatchingService = (typeof WATCHING_SERVICES)[number];

/** A call to AWS, parsed. */
export interface AwsCall {
  /** The function that makes it, or `<function>.poller`, or whatever the access key id says. */
  caller: string;
  /** Tells the sandboxes of a function apart; undefined for others. */
  sandboxId: string | undefined;
  service: Service | WatchingService;
  action: string;
  /**
   * Name of the table, queue, topic, log group or function, or `<group>/<name>` of a schedule; `*` where a call is
   * about none in particular.
   */
  resource: string;
  /** The same for all tries that the SDK makes of one call. */
  invocationId: string;
  body: Buffer;
  /** The body's fields: of JSON, or the texts of SNS's form; of a REST call those in its URL. */
  fields: Readonly<Record<string, unknown>>;
}

type Request = Pick<IncomingMessage, "method" | "url" | "headers">;

/** A request that has come in whole. */
export interface AwsRequest extends Request {
  /** Undefined where it is too large. */
  body: Buffer | undefined;
}

/** The service that a request was signed for, in the signature's words; undefined without a signature. */
export function signedService(headers: IncomingHttpHeaders): string | undefined {
  return /^AWS4-.*Credential=[^/]+\/[^/]*\/[^/]*\/([^/]+)\//.exec(headers.authorization ?? "")?.[1];
}

/** Undefined for a request that is not a call to one of the services. */
export function parseAwsCall(request: Request, body: Buffer): AwsCall | undefined {
  const { headers } = request;
  const parsed = parseRequest(request, body);
  const caller = /Credential=([^/]+)\//.exec(headers.authorization ?? "")?.[1];
  if (!parsed || caller === undefined) return undefined;
  const token = headers["x-amz-security-token"];
  return {
    ...parsed,
    caller,
    sandboxId: typeof token === "string" ? token : undefined,
    invocationId: String(headers["amz-sdk-invocation-id"] ?? randomUUID()),
    body,
  };
}

type ParsedCall = Pick<AwsCall, "service" | "action" | "resource" | "fields">;

function parseRequest(request: Request, body: Buffer): ParsedCall | undefined {
  const { headers } = request;
  if (headers["x-amz-target"] !== undefined) return parseJsonCall(headers, body);
  const service = signedService(headers);
  if (service === "lambda" || service === "scheduler") return parseRestCall(service, request);
  // CloudWatch's query protocol is another one than its JSON.
  return service === "monitoring" ? undefined : parseQueryCall(headers, body);
}

function parseJsonCall(headers: IncomingHttpHeaders, body: Buffer): ParsedCall | undefined {
  const [prefix = "", action] = String(headers["x-amz-target"]).split(".");
  const fields = parseObject(body);
  if (action === undefined || !fields) return undefined;
  if (prefix.startsWith("DynamoDB_")) {
    return { service: "dynamodb", action, resource: nameIn(fields["TableName"]), fields };
  }
  if (prefix.startsWith("GraniteServiceVersion")) {
    return { service: "cloudwatch", action, resource: "*", fields };
  }
  if (prefix.startsWith("Logs_")) {
    return { service: "logs", action, resource: nameIn(fields["logGroupName"]), fields };
  }
  if (prefix !== "AmazonSQS") return undefined;
  const queue = nameIn(fields["QueueUrl"] ?? fields["QueueName"]);
  return { service: "sqs", action, resource: lastPart(queue, "/"), fields };
}

const FUNCTION_CONFIGURATION = /^\/2015-03-31\/functions\/([^/]+)\/configuration$/;
const SCHEDULE = /^\/schedules\/([^/]+)$/;

/** Lambda and Scheduler have no names of actions in their requests: others than these are named by their path. */
function parseRestCall(
  service: "lambda" | "scheduler",
  { method = "", url = "/" }: Request,
): ParsedCall {
  const { pathname, searchParams } = new URL(url, "http://127.0.0.1");
  const fields = Object.fromEntries(searchParams);
  const named = (pattern: RegExp) =>
    method === "GET" ? decodeURIComponent(pattern.exec(pathname)?.[1] ?? "") : "";
  const call = (action: string, resource: string) => ({ service, action, resource, fields });
  const lambda = lastPart(named(FUNCTION_CONFIGURATION), ":");
  const schedule = named(SCHEDULE);
  if (service === "lambda" && lambda !== "") return call("GetFunctionConfiguration", lambda);
  if (service === "scheduler" && schedule !== "") {
    return call("GetSchedule", `${searchParams.get("groupName") ?? "default"}/${schedule}`);
  }
  const isSettings = method === "GET" && pathname === "/2016-08-19/account-settings";
  return call(isSettings ? "GetAccountSettings" : `${method} ${pathname}`, "*");
}

/** SNS still speaks AWS's query protocol. */
function parseQueryCall(headers: IncomingHttpHeaders, body: Buffer): ParsedCall | undefined {
  if (!headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) return undefined;
  const fields = Object.fromEntries(new URLSearchParams(body.toString()));
  const { Action: action, TopicArn, TargetArn, Name } = fields;
  if (action === undefined) return undefined;
  return {
    service: "sns",
    action,
    resource: lastPart(TopicArn ?? TargetArn ?? Name ?? "*", ":"),
    fields,
  };
}

function parseObject(body: Buffer): Record<string, unknown> | undefined {
  try {
    return validate(JSON.parse(body.toString()), jsonObject)[1];
  } catch {
    return undefined;
  }
}

function nameIn(field: unknown): string {
  return typeof field === "string" ? field : "*";
}

function lastPart(text: string, separator: string): string {
  return text.slice(text.lastIndexOf(separator) + 1);
}
