import { decide, type Decision } from "./evaluate";
import type { Statement } from "./policy-document";
import type { Permission } from "./required-permissions";

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
  rolesByCaller: Map<string, Role>;
  /** Of queues, topics and functions, by ARN. */
  resourcePolicies: Map<string, Statement[]>;
  /** ARN of the customer-managed key, by the ARN of what it encrypts. */
  keyByResource: Map<string, string>;
  /** ARNs of what is encrypted with a key of AWS's own, such as alias/aws/sns. */
  encryptedByAws: Set<string>;
  /** What roles have used: each (role, action, resource) once. */
  usedPermissions: Map<string, UsedPermission>;
}

export interface UsedPermission extends Permission {
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
    rolesByCaller: new Map(),
    resourcePolicies: new Map(),
    keyByResource: new Map(),
    encryptedByAws: new Set(),
    usedPermissions: new Map(),
  };
}

/**
 * Undefined when a caller has a permission. Who calls with an access key that no function has is the
 * account's administrator: whoever sets the stack up, or looks at it from outside.
 */
export function checkPermission(
  iam: Iam,
  caller: string,
  permission: Permission,
): Denial | undefined {
  const { accountId, resourcePolicies } = iam;
  const { action, resource } = permission;
  const role = iam.rolesByCaller.get(caller);
  const principal = role?.arn ?? `arn:aws:iam::${accountId}:user/administrator`;
  const request = {
    principal: `AWS:${principal}`,
    action,
    resource,
    // Nothing leaves this machine: that counts as TLS.
    context: {
      "aws:PrincipalAccount": accountId,
      "aws:PrincipalIsAWSService": "false",
      "aws:SecureTransport": "true",
    },
  };
  const reason = denialReason(
    role ? decide([...role.policies.values()].flat(), request) : "allowed",
    decide(resourcePolicies.get(resource) ?? [], request),
    action,
  );
  if (reason === undefined) return undefined;
  const user = role ? `arn:aws:sts::${accountId}:assumed-role/${role.name}/${caller}` : principal;
  const message = `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
  return { ...permission, message };
}

/** Inside one account either side may allow, and either may deny. */
function denialReason(byRole: Decision, byResource: Decision, action: string): string | undefined {
  if (byRole === "explicit-deny") return "with an explicit deny in an identity-based policy";
  if (byResource === "explicit-deny") return "with an explicit deny in a resource-based policy";
  if (byRole === "allowed" || byResource === "allowed") return undefined;
  return `because no identity-based policy allows the ${action} action`;
}

/** Checks all permissions that a call requires, and records which ones roles have used. */
export function authorizeCall(
  iam: Iam,
  caller: string,
  required: Permission[],
): Denial | undefined {
  for (const permission of required) {
    const denial = checkPermission(iam, caller, permission);
    if (denial) return denial;
  }
  const role = iam.rolesByCaller.get(caller);
  if (!role) return undefined;
  for (const { action, resource } of required) {
    const use = { role: role.name, action, resource };
    iam.usedPermissions.set(Object.values(use).join(" "), use);
  }
  return undefined;
}

/**
 * Whether the policy of a function (aws.lambda.Permission) or of a queue lets a service do something to
 * it for a source, such as one topic.
 */
export function isServiceAllowed(
  iam: Iam,
  service: string,
  { action, resource }: Permission,
  sourceArn: string,
): boolean {
  const request = {
    principal: `Service:${service}`,
    action,
    resource,
    context: {
      "aws:PrincipalIsAWSService": "true",
      "aws:SecureTransport": "true",
      "aws:SourceAccount": iam.accountId,
      "aws:SourceArn": sourceArn,
    },
  };
  return decide(iam.resourcePolicies.get(resource) ?? [], request) === "allowed";
}
