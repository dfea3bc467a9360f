import type { AwsCall } from "./aws-call";
import type { Denial } from "./iam";

export interface AwsAnswer {
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
): AwsAnswer {
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

export function throttled(service: AwsCall["service"]): AwsAnswer {
  return awsError(service, 400, THROTTLING[service], "Rate exceeded");
}

export function serverError(service: AwsCall["service"]): AwsAnswer {
  return awsError(service, 500, "InternalError", "We encountered an internal error.");
}

/** Each service has a way of its own to say so; the key's permissions are those of KMS. */
export function accessDenied(service: AwsCall["service"], { action, message }: Denial): AwsAnswer {
  const isKey = action.startsWith("kms:");
  switch (service) {
    case "dynamodb": {
      const text = isKey ? `KMS key access denied error: ${message}` : message;
      return awsError(service, 400, "com.amazon.coral.service#AccessDeniedException", text);
    }
    case "sqs":
      return isKey
        ? queryCompatible(
            400,
            "com.amazonaws.sqs#KmsAccessDenied",
            "KMS.AccessDeniedException",
            message,
          )
        : queryCompatible(
            403,
            "com.amazon.coral.service#AccessDeniedException",
            "AccessDenied",
            message,
          );
    case "sns":
      return awsError(
        service,
        isKey ? 400 : 403,
        isKey ? "KMSAccessDenied" : "AuthorizationError",
        message,
      );
  }
}

/** SQS also says what the error was called in the query protocol that it used to speak. */
function queryCompatible(status: number, type: string, code: string, message: string): AwsAnswer {
  const answer = awsError("sqs", status, type, message);
  return { ...answer, headers: { ...answer.headers, "x-amzn-query-error": `${code};Sender` } };
}
