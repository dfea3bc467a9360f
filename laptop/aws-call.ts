import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { record, string, unknown, validate } from "superstruct";

export const SERVICES = ["dynamodb", "sqs", "sns"] as const;
export type Service = (typeof SERVICES)[number];

/** A call to AWS, parsed. */
export interface AwsCall {
  /** The function that makes it, or `<function>.poller`, or whatever the access key id says. */
  caller: string;
  /** Tells the sandboxes of a function apart; undefined for others. */
  sandboxId: string | undefined;
  service: Service;
  action: string;
  /** Name of the table, queue or topic; `*` where a call is about none in particular. */
  resource: string;
  /** The same for all tries that the SDK makes of one call. */
  invocationId: string;
  body: Buffer;
  /** The body's fields: of JSON, or the texts of SNS's form. */
  fields: Readonly<Record<string, unknown>>;
}

/** Undefined for a request that is not a call to one of the services. */
export function parseAwsCall(headers: IncomingHttpHeaders, body: Buffer): AwsCall | undefined {
  const isJson = headers["x-amz-target"] !== undefined;
  const parsed = isJson ? parseJsonCall(headers, body) : parseQueryCall(headers, body);
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

type ParsedBody = Pick<AwsCall, "service" | "action" | "resource" | "fields">;

function parseJsonCall(headers: IncomingHttpHeaders, body: Buffer): ParsedBody | undefined {
  const [prefix = "", action] = String(headers["x-amz-target"]).split(".");
  const fields = parseObject(body);
  if (action === undefined || !fields) return undefined;
  if (prefix.startsWith("DynamoDB_")) {
    return { service: "dynamodb", action, resource: nameIn(fields["TableName"]), fields };
  }
  if (prefix !== "AmazonSQS") return undefined;
  const queue = nameIn(fields["QueueUrl"] ?? fields["QueueName"]);
  return { service: "sqs", action, resource: lastPart(queue, "/"), fields };
}

/** SNS still speaks AWS's query protocol. */
function parseQueryCall(headers: IncomingHttpHeaders, body: Buffer): ParsedBody | undefined {
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

const objectStruct = record(string(), unknown());

function parseObject(body: Buffer): Record<string, unknown> | undefined {
  try {
    return validate(JSON.parse(body.toString()), objectStruct)[1];
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
