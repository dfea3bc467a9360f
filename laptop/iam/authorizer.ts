import type { Permission } from "./required-permissions";
import { decide, type Decision } from "./evaluate";
import type { Statement } from "./policy-document";

/** A role that functions assume. */
export interface Role {
  name: string;
  arn: string;
  /** Who may assume it. */
  trust: Statement[];
  /** Its own policies, by name. */
  policies: Map<string, Statement[]>;
}

/** Roles and policies as the program has registered them; evaluated anew for each call. */
export interface Iam {
  accountId: string;
  /** By ARN. */
  roles: Map<string, Role>;
  /** As which role somebody calls AWS, by access key id. */
  actors: Map<string, Role>;
  /** Of queues, topics and functions, by ARN. */
  resourcePolicies: Map<string, Statement[]>;
  /** ARN of the customer-managed key, by the ARN of what it encrypts. */
  keys: Map<string, string>;
  /** What roles have made use of: each (role, action, resource) once. */
  uses: Map<string, Use>;
}

export interface Use extends Permission {
  role: string;
}

/** Why a call is denied, in the words of AWS. */
export interface Denial extends Permission {
  message: string;
}

export function makeIam(accountId: string): Iam {
  return {
    accountId,
    roles: new Map(),
    actors: new Map(),
    resourcePolicies: new Map(),
    keys: new Map(),
    uses: new Map(),
  };
}

/**
 * Undefined when a caller has a permission. Who calls with an access key that no function has is the
 * account's administrator: whoever sets the stack up, or looks at it from outside.
 */
export function judge(iam: Iam, caller: string, permission: Permission): Denial | undefined {
  const { accountId, resourcePolicies } = iam;
  const { action, resource } = permission;
  const role = iam.actors.get(caller);
  const principal = role?.arn ?? `arn:aws:iam::${accountId}:user/administrator`;
  const request = {
    principal: `AWS:${principal}`,
    action,
    resource,
    // Nothing leaves this machine: that counts as TLS.
    context: { "aws:PrincipalAccount": accountId, "aws:SecureTransport": "true" },
  };
  const why = whyNot(
    role ? decide([...role.policies.values()].flat(), request) : "allow",
    decide(resourcePolicies.get(resource) ?? [], request),
    action,
  );
  if (why === undefined) return undefined;
  const user = role ? `arn:aws:sts::${accountId}:assumed-role/${role.name}/${caller}` : principal;
  const message = `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${why}`;
  return { ...permission, message };
}

/** Inside one account either side may allow, and either may deny. */
function whyNot(byRole: Decision, byResource: Decision, action: string): string | undefined {
  if (byRole === "deny") return "with an explicit deny in an identity-based policy";
  if (byResource === "deny") return "with an explicit deny in a resource-based policy";
  if (byRole === "allow" || byResource === "allow") return undefined;
  return `because no identity-based policy allows the ${action} action`;
}

/** Judges all that a call needs, and keeps account of what roles have made use of. */
export function authorise(iam: Iam, caller: string, needed: Permission[]): Denial | undefined {
  for (const permission of needed) {
    const denial = judge(iam, caller, permission);
    if (denial) return denial;
  }
  const role = iam.actors.get(caller);
  if (!role) return undefined;
  for (const { action, resource } of needed) {
    const use = { role: role.name, action, resource };
    iam.uses.set(Object.values(use).join(" "), use);
  }
  return undefined;
}

/**
 * Whether the policy of a function (aws.lambda.Permission) or of a queue lets a service do something to
 * it for a source, such as one topic.
 */
export function serviceMay(
  iam: Iam,
  service: string,
  { action, resource }: Permission,
  sourceArn: string,
): boolean {
  const request = {
    principal: `Service:${service}`,
    action,
    resource,
    context: { "aws:SecureTransport": "true", "aws:SourceArn": sourceArn },
  };
  return decide(iam.resourcePolicies.get(resource) ?? [], request) === "allow";
}
