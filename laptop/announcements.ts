import type { AwsCall } from "./aws-call";
import type { AwsResponse } from "./endpoint/errors";
import type { Outage } from "./endpoint/fault-injection";
import type { OnEvent } from "./events";

/** Reports when each service goes down and when it is back. The result ends that. */
export function announceOutages(outages: Outage[], onEvent: OnEvent): () => void {
  const timers = outages.map(({ service, seconds }) => {
    onEvent({ kind: "outage", service, seconds });
    return setTimeout(() => onEvent({ kind: "outage", service }), seconds * 1000);
  });
  return () => {
    for (const timer of timers) clearTimeout(timer);
  };
}

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
