import type { AwsCall } from "./aws-call";
import type { AwsResponse } from "./endpoint/errors";
import type { OnEvent } from "./events";

/** Whoever tries the stack out sees what is published, also where nobody subscribes. */
export function announcePublish(
  { service, action, resource, body }: AwsCall,
  { status }: AwsResponse,
  onEvent: OnEvent,
): void {
  if (service !== "sns" || action !== "Publish" || status !== 200) return;
  const subject = new URLSearchParams(body.toString()).get("Subject") ?? "a message";
  onEvent({ kind: "published", subject, topic: resource });
}
