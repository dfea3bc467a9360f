import { string, type, unknown } from "superstruct";
import { defineProvider, type Provider } from "../program/provider";
import type { Iam } from "./authorizer";
import { parsePolicy } from "./policy-document";
import { roleArn } from "./role";

/** A role's own policies. */
export function rolePolicyProvider(iam: Iam): Provider {
  return defineProvider({
    emulated: type({ role: string(), policy: unknown() }),
    create(name, { role: roleName, policy }) {
      const role = iam.roles.get(roleArn(iam, roleName));
      if (!role) {
        throw new Error(`the policy ${name} is for the role ${roleName}, which does not exist`);
      }
      role.policies.set(name, parsePolicy(policy, "role", `the role policy ${name}`));
      return {
        id: `${roleName}:${name}`,
        outputs: { name },
        dispose: () => void role.policies.delete(name),
      };
    },
  });
}
