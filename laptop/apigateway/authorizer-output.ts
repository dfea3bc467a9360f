import {
  boolean,
  create,
  defaulted,
  number,
  object,
  optional,
  record,
  string,
  union,
  unknown,
} from "superstruct";
import { parsePolicy, type Statement } from "../iam/policy-document";

/** What an authorizer's function says of whoever has a token. */
export interface CallerPolicy {
  statements: Statement[];
  /** Its principalId and context as the route's function gets them. */
  context: Record<string, string>;
}

/** API Gateway refuses fields that it does not know. The key matters where the API takes keys from there. */
const outputStruct = object({
  principalId: string(),
  policyDocument: record(string(), unknown()),
  context: defaulted(record(string(), union([string(), number(), boolean()])), {}),
  usageIdentifierKey: optional(string()),
});

/** Throws, with the reason, at an output that API Gateway would call a configuration error. */
export function parseAuthorizerOutput(output: unknown): CallerPolicy {
  const { principalId, policyDocument, context } = create(output, outputStruct);
  const texts = Object.entries(context).map(([key, value]) => [key, String(value)]);
  return {
    statements: parsePolicy(policyDocument, "role", "its policyDocument"),
    context: { ...(Object.fromEntries(texts) as Record<string, string>), principalId },
  };
}
