import { validationException } from "./expressions/validation";

const EXPRESSIONS = ["ExpressionAttributeNames", "ExpressionAttributeValues"];
const WRITE = [
  "TableName",
  "ConditionExpression",
  "ReturnValues",
  "ReturnValuesOnConditionCheckFailure",
  ...EXPRESSIONS,
];

/** What the table understands of each call. */
const INPUTS = {
  GetItem: new Set(["TableName", "Key", "ConsistentRead"]),
  PutItem: new Set(["Item", ...WRITE]),
  UpdateItem: new Set(["Key", "UpdateExpression", ...WRITE]),
  Query: new Set([
    "TableName",
    "IndexName",
    "KeyConditionExpression",
    "Limit",
    "ScanIndexForward",
    "ExclusiveStartKey",
    ...EXPRESSIONS,
  ]),
};

const RETURNS = {
  PutItem: ["NONE", "ALL_OLD"],
  UpdateItem: ["NONE", "ALL_OLD", "ALL_NEW"],
};

interface Input {
  TableName?: string | undefined;
  ReturnValues?: string | undefined;
  ReturnValuesOnConditionCheckFailure?: string | undefined;
}

export function checkInputs(action: keyof typeof INPUTS, input: Input): void {
  const known = INPUTS[action];
  for (const name in input) {
    if (!known.has(name)) throw validationException(`this table has no ${action} with ${name}`);
  }
  if (!input.TableName) throw validationException("TableName must not be empty");
  if (action === "GetItem" || action === "Query") return;
  const { ReturnValues = "NONE", ReturnValuesOnConditionCheckFailure: onFailure = "NONE" } = input;
  if (!RETURNS[action].includes(ReturnValues) || !["NONE", "ALL_OLD"].includes(onFailure)) {
    throw validationException(`this table does not return ${ReturnValues}, ${onFailure}`);
  }
}
