import type { Iam } from "./authorizer";
import { parsePolicy } from "./policy-document";

/** A queue or topic has one policy: of two, AWS would keep whichever comes last. */
export function setResourcePolicy(
  iam: Iam,
  resourceArn: string,
  document: unknown,
  what: string,
): void {
  if (iam.resourcePolicies.has(resourceArn)) {
    throw new Error(`${what} is the second one of ${resourceArn}: AWS keeps one only`);
  }
  iam.resourcePolicies.set(resourceArn, parsePolicy(document, "resource", what));
}
