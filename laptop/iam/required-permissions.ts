import type { AwsCall } from "../aws-call";

/** One action on one resource, such as `sqs:SendMessage` on a queue's ARN. */
export interface Permission {
  action: string;
  resource: string;
}

/** What KMS is asked for on behalf of whoever calls, where a customer-managed key encrypts. */
const KEY_ACTIONS: Record<string, string[]> = {
  "sqs:SendMessage": ["kms:GenerateDataKey", "kms:Decrypt"],
  "sqs:ReceiveMessage": ["kms:Decrypt"],
  "sns:Publish": ["kms:GenerateDataKey", "kms:Decrypt"],
};
const TABLE_KEY_ACTIONS = ["kms:Decrypt"];

/**
 * The permissions that a call needs ("Actions, resources, and condition keys" of the service
 * authorisation reference). `arn` makes a full one of a service's own part; `keyByResource` has
 * the customer-managed KMS keys by the ARN of what they encrypt.
 */
export function requiredPermissions(
  call: AwsCall,
  arn: (service: string, resource: string) => string,
  keyByResource: ReadonlyMap<string, string>,
): Permission[] {
  // A batch needs no permission of its own, but for DynamoDB's.
  const action = call.service === "dynamodb" ? call.action : call.action.replace(/Batch$/, "");
  const own = resourcesOf(call).map((name) => ({
    action: `${call.service}:${action}`,
    resource: name === "*" ? "*" : arn(call.service, name),
  }));
  return own.flatMap((permission) => [permission, ...keyPermissions(permission, keyByResource)]);
}

function resourcesOf(call: AwsCall): string[] {
  const { service, resource } = call;
  switch (service) {
    case "dynamodb":
      return tablesOf(call);
    case "logs":
      return [`log-group:${resource === "*" ? "" : resource}:log-stream:`];
    case "lambda":
      return [resource === "*" ? "*" : `function:${resource}`];
    case "scheduler":
      return [resource === "*" ? "*" : `schedule/${resource}`];
    case "sqs":
    case "sns":
    case "cloudwatch":
      return [resource];
  }
}

function tablesOf({ action, resource, fields }: AwsCall): string[] {
  if (action.startsWith("Batch")) {
    return Object.keys(fields["RequestItems"] ?? {}).map((name) => `table/${name}`);
  }
  if (resource === "*") return ["*"];
  const { IndexName: index } = fields;
  return [typeof index === "string" ? `table/${resource}/index/${index}` : `table/${resource}`];
}

function keyPermissions(
  { action, resource }: Permission,
  keyByResource: ReadonlyMap<string, string>,
): Permission[] {
  const key = keyByResource.get(resource.replace(/\/index\/.*$/, ""));
  if (key === undefined) return [];
  const isTable = action.startsWith("dynamodb:");
  const actions = isTable ? TABLE_KEY_ACTIONS : (KEY_ACTIONS[action] ?? []);
  return actions.map((keyAction) => ({ action: keyAction, resource: key }));
}
