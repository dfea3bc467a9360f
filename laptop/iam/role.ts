import { type, unknown } from "superstruct";
import { defineProvider, type Provider } from "../program/provider";
import type { Iam, Role } from "./authorizer";
import { decide } from "./evaluate";
import { parsePolicy, type Statement } from "./policy-document";

const USE_ROLE_POLICY = "the laptop stack knows aws.iam.RolePolicy only";

/** Roles, whose policies the laptop enforces. */
export function roleProvider(iam: Iam): Provider {
  return defineProvider({
    emulated: type({ assumeRolePolicy: unknown() }),
    withoutEffect: ["description", "forceDetachPolicies", "maxSessionDuration"],
    // Where permissions could hide that the laptop would not see.
    refused: {
      inlinePolicies: USE_ROLE_POLICY,
      managedPolicyArns: USE_ROLE_POLICY,
      permissionsBoundary: USE_ROLE_POLICY,
    },
    create(name, { assumeRolePolicy }) {
      const arn = roleArn(iam, name);
      const role = { name, arn, trust: trustIn(name, assumeRolePolicy), policies: new Map() };
      iam.roles.set(arn, role);
      return {
        id: name,
        outputs: { name, arn },
        update: (other) => void (role.trust = trustIn(name, other.assumeRolePolicy)),
        dispose: () => void iam.roles.delete(arn),
      };
    },
  });
}

function trustIn(name: string, assumeRolePolicy: unknown): Statement[] {
  return parsePolicy(assumeRolePolicy, "trust", `the role ${name}'s assumeRolePolicy`);
}

export function roleArn({ accountId }: Iam, name: string): string {
  return `arn:aws:iam::${accountId}:role/${name}`;
}

/** Managed policies are not known here: what they allow or deny would be left out. */
export function policyAttachmentProvider(): Provider {
  return defineProvider({
    emulated: type({}),
    withoutEffect: ["groups", "name", "role", "roles", "users"],
    refused: { policyArn: USE_ROLE_POLICY },
    create: (name) => ({ id: name, outputs: {} }),
  });
}

/** A service of AWS that assumes roles. */
export interface Assumer {
  principal: string;
  name: string;
}

/** The role that a service assumes for `what`; without one that it may assume, AWS refuses that. */
export function roleAssumedBy(by: Assumer, what: string, arn: string, iam: Iam): Role {
  const role = iam.roles.get(arn);
  if (!role) throw new Error(`${what} has the role ${arn}, which does not exist`);
  const request = {
    principal: `Service:${by.principal}`,
    action: "sts:AssumeRole",
    resource: arn,
    context: {},
  };
  if (decide(role.trust, request) !== "allowed") {
    throw new Error(`the role ${role.name} of ${what} cannot be assumed by ${by.name}`);
  }
  return role;
}
