import { create, optional, string, type, unknown } from "superstruct";
import { arn, type Cloud, type Resource } from "../cloud";
import type { Role } from "./authorizer";
import { decide } from "./evaluate";
import { parsePolicy } from "./policy-document";

/** Where permissions could hide that the laptop would not see. */
const ELSEWHERE = ["inlinePolicies", "managedPolicyArns", "permissionsBoundary"];

export function makeRole(name: string, inputs: unknown, { accountId, iam }: Cloud): Resource {
  const role = create(inputs, type({ assumeRolePolicy: unknown() }));
  for (const key of ELSEWHERE) {
    if (key in role) {
      throw new Error(
        `the role ${name} has ${key}: the laptop stack knows aws.iam.RolePolicy only`,
      );
    }
  }
  const roleArn = roleArnOf(name, accountId);
  const trust = parsePolicy(role.assumeRolePolicy, "trust", `the role ${name}'s assumeRolePolicy`);
  iam.roles.set(roleArn, { name, arn: roleArn, trust, policies: new Map() });
  return { id: name, outputs: { name, arn: roleArn } };
}

function roleArnOf(name: string, accountId: string): string {
  return `arn:aws:iam::${accountId}:role/${name}`;
}

/** Managed policies are not known here: what they allow or deny would be left out. */
export function refuseAttachment(name: string): never {
  throw new Error(`${name} attaches a policy: the laptop stack knows aws.iam.RolePolicy only`);
}

export function makeRolePolicy(name: string, inputs: unknown, { accountId, iam }: Cloud): Resource {
  const { role: roleName, policy } = create(inputs, type({ role: string(), policy: unknown() }));
  const role = iam.roles.get(roleArnOf(roleName, accountId));
  if (!role) throw new Error(`the policy ${name} is for the role ${roleName}, which there is not`);
  role.policies.set(name, parsePolicy(policy, "role", `the role policy ${name}`));
  return { id: `${roleName}:${name}`, outputs: { name } };
}

/** A policy of a queue or a topic; `of` names the input that says of which. */
export function makeResourcePolicy(of: (inputs: unknown, cloud: Cloud) => string) {
  return (name: string, inputs: unknown, cloud: Cloud): Resource => {
    const { policy } = create(inputs, type({ policy: unknown() }));
    setResourcePolicy(cloud, of(inputs, cloud), policy, `the policy ${name}`);
    return { id: name, outputs: {} };
  };
}

export function queueOf(inputs: unknown, cloud: Cloud): string {
  const { queueUrl } = create(inputs, type({ queueUrl: string() }));
  return arn(cloud, "sqs", queueUrl.slice(queueUrl.lastIndexOf("/") + 1));
}

export function topicOf(inputs: unknown): string {
  return create(inputs, type({ arn: string() })).arn;
}

const UNKNOWN_CONDITIONS = [
  "eventSourceToken",
  "functionUrlAuthType",
  "invokedViaFunctionUrl",
  "principalOrgId",
  "qualifier",
  "sourceAccount",
];

/** A statement of the policy that a function has of its own: who may invoke it. */
export function makePermission(name: string, inputs: unknown, cloud: Cloud): Resource {
  const struct = type({
    action: string(),
    function: string(),
    principal: string(),
    sourceArn: optional(string()),
  });
  const permission = create(inputs, struct);
  const unknownCondition = UNKNOWN_CONDITIONS.find((key) => key in permission);
  if (unknownCondition !== undefined) {
    throw new Error(`the permission ${name} has ${unknownCondition}, which a laptop cannot check`);
  }
  const { function: target, action: Action, principal, sourceArn } = permission;
  const Resource = target.startsWith("arn:") ? target : arn(cloud, "lambda", `function:${target}`);
  const isService = principal.endsWith(".amazonaws.com");
  const statement = {
    Effect: "Allow",
    Principal: isService ? { Service: principal } : { AWS: principal },
    Action,
    Resource,
    ...(sourceArn !== undefined && { Condition: { ArnLike: { "aws:SourceArn": sourceArn } } }),
  };
  const document = { Version: "2012-10-17", Statement: statement };
  const statements = parsePolicy(document, "resource", `the permission ${name}`);
  const { resourcePolicies } = cloud.iam;
  resourcePolicies.set(Resource, [...(resourcePolicies.get(Resource) ?? []), ...statements]);
  return { id: name, outputs: {} };
}

/** A queue or topic has one policy: of two, AWS would keep whichever comes last. */
export function setResourcePolicy(
  { iam }: Cloud,
  resourceArn: string,
  document: unknown,
  what: string,
): void {
  if (iam.resourcePolicies.has(resourceArn)) {
    throw new Error(`${what} is the second one of ${resourceArn}: AWS keeps one only`);
  }
  iam.resourcePolicies.set(resourceArn, parsePolicy(document, "resource", what));
}

/** A service of AWS that assumes roles. */
interface Assumer {
  principal: string;
  name: string;
}

const LAMBDA = { principal: "lambda.amazonaws.com", name: "Lambda" };

/** The role as which a function calls AWS. */
export function roleOfFunction(name: string, roleArn: string, cloud: Cloud): Role {
  return roleAssumedBy(LAMBDA, `the function ${name}`, roleArn, cloud);
}

/** The role that a service assumes for `what`; without one that it may assume, AWS refuses that. */
export function roleAssumedBy(
  by: Assumer,
  what: string,
  roleArn: string,
  { iam }: Pick<Cloud, "iam">,
): Role {
  const role = iam.roles.get(roleArn);
  if (!role) throw new Error(`${what} has the role ${roleArn}, which there is not`);
  const request = {
    principal: `Service:${by.principal}`,
    action: "sts:AssumeRole",
    resource: roleArn,
    context: {},
  };
  if (decide(role.trust, request) !== "allow") {
    throw new Error(`the role ${role.name} of ${what} cannot be assumed by ${by.name}`);
  }
  return role;
}
