import { randomUUID } from "node:crypto";
import type { Message } from "@aws-sdk/client-sqs";
import type { APIGatewayProxyEvent, SQSRecord } from "aws-lambda";
import { proxyEvent } from "../../laptop/apigateway/proxy-event";
import { sqsEvent } from "../../laptop/lambda/sqs-event";
import type { RecordedCall } from "./record";

/** In the year 2100, in seconds since 1970. */
const EXPIRES = "4102444800";

type Headers = Record<string, string>;

/** The event of POST /orders. `caller` is the customer whom an authorizer has let in. */
export function postEvent(
  order: object,
  headers: Headers,
  caller: string | undefined,
): APIGatewayProxyEvent {
  const body = JSON.stringify(order);
  return apiEvent("POST", "/orders", "/orders", { headers, body, caller, pathParameters: null });
}

/** The event of GET /orders/{orderId}. */
export function getEvent(orderId: string, caller: string | undefined): APIGatewayProxyEvent {
  const pathParameters = { orderId };
  return apiEvent("GET", `/orders/${orderId}`, "/orders/{orderId}", {
    ...{ headers: {}, body: "", caller, pathParameters },
  });
}

interface Rest {
  headers: Headers;
  body: string;
  caller: string | undefined;
  pathParameters: Record<string, string> | null;
}

function apiEvent(
  method: string,
  path: string,
  resource: string,
  { headers, body, caller, pathParameters }: Rest,
): APIGatewayProxyEvent {
  const sent = {
    Accept: "*/*",
    "Content-Type": "application/json",
    Host: "a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com",
    "User-Agent": "node",
    ...headers,
  };
  return proxyEvent({
    request: { method, rawHeaders: Object.entries(sent).flat(), httpVersion: "1.1" },
    ...{ remoteAddress: "127.0.0.1", query: "", body: Buffer.from(body), stage: "dev" },
    ...{ path, resource, pathParameters, requestId: randomUUID() },
    traceHeader: "Root=1-00000000-000000000000000000000000",
    ...{ apiId: "a1b2c3d4e5", accountId: "000000000000" },
    authorizer: caller === undefined ? undefined : authorizedAs(caller),
    binaryMediaTypes: ["application/octet-stream"],
    now: new Date(),
  });
}

function authorizedAs(customerId: string) {
  return { principalId: customerId, customerId, isStaff: "false", expires: EXPIRES };
}

/** The messages that a poller has received, as Lambda gives them to its function; of other calls none. */
export function batchOf({ action, fields, response }: RecordedCall, region: string): SQSRecord[] {
  if (action !== "ReceiveMessage") return [];
  const { Messages = [] } = JSON.parse(response.body) as { Messages?: Message[] };
  const queue = String(fields["QueueUrl"]).split("/").at(-1) ?? "";
  const queueArn = `arn:aws:sqs:${region}:000000000000:${queue}`;
  return sqsEvent(Messages, { queueArn, region }).Records;
}
