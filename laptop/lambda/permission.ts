import { optional, string, type } from "superstruct";
import { type Account, arn } from "../account";
import type { Iam } from "../iam/authorizer";
import { parsePolicy } from "../iam/policy-document";
import { defineProvider, type Provider } from "../program/provider";

const UNKNOWN_CONDITION = "the laptop cannot check this condition";

/** Statements of the policy that a function has of its own: who may invoke it. */
export function permissionProvider(account: Account, { resourcePolicies }: Iam): Provider {
  return defineProvider({
    emulated: type({
      action: string(),
      function: string(),
      principal: string(),
      sourceArn: optional(string()),
    }),
    withoutEffect: ["statementId", "statementIdPrefix"],
    refused: {
      eventSourceToken: UNKNOWN_CONDITION,
      functionUrlAuthType: UNKNOWN_CONDITION,
      invokedViaFunctionUrl: UNKNOWN_CONDITION,
      principalOrgId: UNKNOWN_CONDITION,
      qualifier: UNKNOWN_CONDITION,
      sourceAccount: UNKNOWN_CONDITION,
    },
    create(name, { action: Action, function: nameOrArn, principal, sourceArn }) {
      const Resource = functionArnOf(account, nameOrArn);
      const isService = principal.endsWith(".amazonaws.com");
      const Statement = {
        Effect: "Allow",
        Principal: isService ? { Service: principal } : { AWS: principal },
        Action,
        Resource,
        ...(sourceArn !== undefined && { Condition: { ArnLike: { "aws:SourceArn": sourceArn } } }),
      };
      const document = { Version: "2012-10-17", Statement };
      const statements = parsePolicy(document, "resource", `the permission ${name}`);
      const all = () => resourcePolicies.get(Resource) ?? [];
      resourcePolicies.set(Resource, [...all(), ...statements]);
      const dispose = () => {
        const others = all().filter((statement) => !statements.includes(statement));
        resourcePolicies.set(Resource, others);
      };
      return { id: name, outputs: {}, dispose };
    },
  });
}

/** Lambda takes a function's name in the place of its ARN. */
export function functionArnOf(account: Account, nameOrArn: string): string {
  return nameOrArn.startsWith("arn:") ? nameOrArn : arn(account, "lambda", `function:${nameOrArn}`);
}
