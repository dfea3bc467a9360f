import type { AwsCall } from "../aws-call";
import type { Denial } from "../iam/authorizer";

export interface AwsResponse {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** An error as the service itself would send it, for the SDK to recognise. */
export function awsError(
  service: AwsCall["service"],
  status: number,
  code: string,
  message: string,
): AwsResponse {
  if (service === "sns") {
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
  return {
    status,
    headers: { "content-type": "application/x-amz-json-1.0" },
    body: Buffer.from(JSON.stringify({ __type: code, message })),
  };
}

function xmlText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

const THROTTLING = { dynamodb: "ThrottlingException", sqs: "RequestThrottled", sns: "Throttling" };

export function throttled(service: AwsCall["service"]): AwsResponse {
  return awsError(service, 400, THROTTLING[service], "Rate exceeded");
}

export function serverError(service: AwsCall["service"]): AwsResponse {
  return awsError(service, 500, "InternalError", "We encountered an internal error.");
}

const DENIED = "com.amazon.coral.service#AccessDeniedException";

/** How each service says that a role may not do something, and that it may not use the key for it. */
const DENIALS = {
  dynamodb: { action: [400, DENIED], key: [400, DENIED] },
  sqs: { action: [403, DENIED], key: [400, "com.amazonaws.sqs#KmsAccessDenied"] },
  sns: { action: [403, "AuthorizationError"], key: [400, "KMSAccessDenied"] },
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
