import type { AwsCall } from "../aws-call";
import type { Denial } from "../iam/authorizer";

export interface AwsResponse {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** Of all JSON protocols: clients do not tell their versions apart. */
export const JSON_TYPE = "application/x-amz-json-1.0";

/** An error as the service itself would send it, for the SDK to recognise. */
export function awsError(
  service: AwsCall["service"],
  status: number,
  code: string,
  message: string,
): AwsResponse {
  if (service === "sns") return queryError(status, code, message);
  return {
    status,
    // REST calls have the code in a header.
    headers: { "content-type": JSON_TYPE, "x-amzn-errortype": code },
    body: Buffer.from(JSON.stringify({ __type: code, message })),
  };
}

/** An error in AWS's query protocol. */
export function queryError(status: number, code: string, message: string): AwsResponse {
  const type = status < 500 ? "Sender" : "Receiver";
  return {
    status,
    headers: { "content-type": "text/xml" },
    body: Buffer.from(
      `<ErrorResponse><Error><Type>${type}</Type><Code>${code}</Code>` +
        `<Message>${xmlText(message)}</Message></Error></ErrorResponse>`,
    ),
  };
}

function xmlText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

const THROTTLING = {
  dynamodb: "ThrottlingException",
  sqs: "RequestThrottled",
  sns: "Throttling",
  cloudwatch: "ThrottlingException",
  logs: "ThrottlingException",
  lambda: "TooManyRequestsException",
  scheduler: "ThrottlingException",
};

export function throttled(service: AwsCall["service"]): AwsResponse {
  return awsError(service, 400, THROTTLING[service], "Rate exceeded");
}

export function serverError(service: AwsCall["service"]): AwsResponse {
  return awsError(service, 500, "InternalError", "We encountered an internal error.");
}

const DENIED = "com.amazon.coral.service#AccessDeniedException";

const WATCHING = {
  action: [403, "AccessDeniedException"],
  key: [403, "AccessDeniedException"],
} as const;

/** How each service says that a role may not do something, and that it may not use the key for it. */
const DENIALS = {
  dynamodb: { action: [400, DENIED], key: [400, DENIED] },
  sqs: { action: [403, DENIED], key: [400, "com.amazonaws.sqs#KmsAccessDenied"] },
  sns: { action: [403, "AuthorizationError"], key: [400, "KMSAccessDenied"] },
  cloudwatch: WATCHING,
  logs: WATCHING,
  lambda: WATCHING,
  scheduler: WATCHING,
} as const;
/** SQS also says what the error was called in the query protocol that it used to speak. */
const QUERY_CODES = { action: "AccessDenied", key: "KMS.AccessDeniedException" };

export function accessDenied(
  service: AwsCall["service"],
  { action, message }: Denial,
): AwsResponse {
  const what = action.startsWith("kms:") ? "key" : "action";
  const [status, code] = DENIALS[service][what];
  const isTableKey = service === "dynamodb" && what === "key";
  const text = isTableKey ? `KMS key access denied error: ${message}` : message;
  const response = awsError(service, status, code, text);
  if (service === "sqs") response.headers["x-amzn-query-error"] = `${QUERY_CODES[what]};Sender`;
  return response;
}
