import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

export const SERVICES = ["dynamodb", "sqs", "sns"] as const;
export type Service = (typeof SERVICES)[number];

/** A call to AWS, named. */
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
}

/** What a request to AWS is about, from its headers and body; undefined when it cannot be told. */
export function parseAwsCall(headers: IncomingHttpHeaders, body: Buffer): AwsCall | undefined {
  const named = parseJsonCall(headers, body);
  const caller = /Credential=([^/]+)\//.exec(headers.authorization ?? "")?.[1];
  if (!named || caller === undefined) return undefined;
  const token = headers["x-amz-security-token"];
  return {
    ...named,
    caller,
    sandboxId: typeof token === "string" ? token : undefined,
    invocationId: String(headers["amz-sdk-invocation-id"] ?? randomUUID()),
    body,
  };
}

type Named = Pick<AwsCall, "service" | "action" | "resource">;

function parseJsonCall(headers: IncomingHttpHeaders, body: Buffer): Named | undefined {
  const [prefix = "", action] = String(headers["x-amz-target"] ?? "").split(".");
  if (action === undefined) return parseQueryCall(headers, body);
  const fields = parseObject(body);
  if (!fields) return undefined;
  if (prefix.startsWith("DynamoDB_")) {
    return { service: "dynamodb", action, resource: nameIn(fields["TableName"]) };
  }
  const queue = nameIn(fields["QueueUrl"] ?? fields["QueueName"]);
  return prefix === "AmazonSQS"
    ? { service: "sqs", action, resource: lastPart(queue, "/") }
    : undefined;
}

/** SNS still speaks AWS's query protocol. */
function parseQueryCall(headers: IncomingHttpHeaders, body: Buffer): Named | undefined {
  if (!headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) return undefined;
  const form = new URLSearchParams(body.toString());
  const action = form.get("Action");
  const topic = form.get("TopicArn") ?? form.get("TargetArn") ?? form.get("Name") ?? "*";
  if (action === null) return undefined;
  return { service: "sns", action, resource: lastPart(topic, ":") };
}

function parseObject(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(body.toString()) as unknown;
    return typeof value === "object" && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
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
