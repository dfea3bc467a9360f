import type { AwsCall } from "./aws-call";

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
          `<Message>${message}</Message></Error></ErrorResponse>`,
      ),
    };
  }
  return {
    status,
    headers: { "content-type": "application/x-amz-json-1.0" },
    body: Buffer.from(JSON.stringify({ __type: code, message })),
  };
}

const THROTTLING = { dynamodb: "ThrottlingException", sqs: "RequestThrottled", sns: "Throttling" };

export function throttled(service: AwsCall["service"]): AwsAnswer {
  return awsError(service, 400, THROTTLING[service], "Rate exceeded");
}

export function serverError(service: AwsCall["service"]): AwsAnswer {
  return awsError(service, 500, "InternalError", "We encountered an internal error.");
}
