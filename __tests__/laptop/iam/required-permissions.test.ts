import { requiredPermissions } from "../../../laptop/iam/required-permissions";

const arn = (service: string, resource: string) => `${service}:${resource}`;

function needed(
  service: "dynamodb" | "sqs" | "sns",
  action: string,
  resource: string,
  body: object = {},
  keys: Record<string, string> = {},
): string[] {
  const call = {
    caller: "worker",
    sandboxId: undefined,
    invocationId: "i",
    service,
    action,
    resource,
    body: Buffer.from(JSON.stringify(body)),
    fields: { ...body },
  };
  return requiredPermissions(call, arn, new Map(Object.entries(keys))).map(
    (permission) => `${permission.action} on ${permission.resource}`,
  );
}

describe("the permissions that a call needs", () => {
  it("are its action on its table, queue or topic", () => {
    expect(needed("dynamodb", "PutItem", "orders")).toEqual([
      "dynamodb:PutItem on dynamodb:table/orders",
    ]);
    expect(needed("sqs", "SendMessage", "orders")).toEqual(["sqs:SendMessage on sqs:orders"]);
    expect(needed("sns", "Publish", "events")).toEqual(["sns:Publish on sns:events"]);
  });

  it("are on the index that it reads, or on all tables of a batch", () => {
    expect(needed("dynamodb", "Query", "orders", { IndexName: "failed" })).toEqual([
      "dynamodb:Query on dynamodb:table/orders/index/failed",
    ]);
    expect(needed("dynamodb", "BatchGetItem", "*", { RequestItems: { a: {}, b: {} } })).toEqual([
      "dynamodb:BatchGetItem on dynamodb:table/a",
      "dynamodb:BatchGetItem on dynamodb:table/b",
    ]);
  });

  it("are not fewer for a call with fields that are not its own", () => {
    expect(needed("dynamodb", "PutItem", "orders", { RequestItems: {} })).toEqual([
      "dynamodb:PutItem on dynamodb:table/orders",
    ]);
  });

  it("are the single action's for a batch of messages", () => {
    expect(needed("sqs", "DeleteMessageBatch", "q")).toEqual(["sqs:DeleteMessage on sqs:q"]);
    expect(needed("sqs", "ChangeMessageVisibilityBatch", "q")).toEqual(
      needed("sqs", "ChangeMessageVisibility", "q"),
    );
    expect(needed("sqs", "ChangeMessageVisibility", "q")).toEqual([
      "sqs:ChangeMessageVisibility on sqs:q",
    ]);
    expect(needed("sns", "PublishBatch", "t")).toEqual(["sns:Publish on sns:t"]);
  });

  it("are on everything where a call names nothing", () => {
    expect(needed("sqs", "ListQueues", "*")).toEqual(["sqs:ListQueues on *"]);
    expect(needed("dynamodb", "ListTables", "*")).toEqual(["dynamodb:ListTables on *"]);
  });

  it("include the customer-managed key's that encrypts what it is about", () => {
    const keys = { "dynamodb:table/orders": "k1", "sqs:q": "k2", "sns:t": "k3" };
    const keyPermissions = (...call: [Parameters<typeof needed>[0], string, string, object?]) =>
      needed(call[0], call[1], call[2], call[3], keys).slice(1);
    expect(keyPermissions("dynamodb", "GetItem", "orders")).toEqual(["kms:Decrypt on k1"]);
    expect(keyPermissions("dynamodb", "Query", "orders", { IndexName: "i" })).toEqual([
      "kms:Decrypt on k1",
    ]);
    expect(keyPermissions("sqs", "SendMessageBatch", "q")).toEqual([
      "kms:GenerateDataKey on k2",
      "kms:Decrypt on k2",
    ]);
    expect(keyPermissions("sqs", "ReceiveMessage", "q")).toEqual(["kms:Decrypt on k2"]);
    expect(keyPermissions("sqs", "DeleteMessage", "q")).toEqual([]);
    expect(keyPermissions("sns", "Publish", "t")).toEqual([
      "kms:GenerateDataKey on k3",
      "kms:Decrypt on k3",
    ]);
    expect(keyPermissions("sqs", "SendMessage", "other")).toEqual([]);
  });
});
