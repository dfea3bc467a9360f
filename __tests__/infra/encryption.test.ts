import { createHash } from "node:crypto";
import { arn, type Evaluated, evaluateWithoutArchives, inputsOf } from "../support/aws-mocks";

const TABLE = "aws:dynamodb/table:Table";
const QUEUE = "aws:sqs/queue:Queue";
const TOPIC = "aws:sns/topic:Topic";
const POLICY = "aws:iam/rolePolicy:RolePolicy";

function keyGrants({ resources }: Evaluated) {
  return resources.filter(({ type, name }) => type === POLICY && name.includes("-key-"));
}

describe("encryption at rest with a customer-managed KMS key", () => {
  const KEY = arn("kms", "key/0b7c2f6e-4a8e-4f1d-9a51-2f0d6a1c9e77");
  let program: Evaluated;

  beforeAll(async () => {
    program = await evaluateWithoutArchives({ "order-processing:kmsKeyArn": KEY });
  });

  it("encrypts table, queues and topic with it", () => {
    expect(inputsOf(program, TABLE, "orders")["serverSideEncryption"]).toEqual({
      enabled: true,
      kmsKeyArn: KEY,
    });
    for (const name of ["orders", "orders-dead-letters"]) {
      expect(inputsOf(program, QUEUE, name)).toMatchObject({ kmsMasterKeyId: KEY });
      expect(inputsOf(program, QUEUE, name)).not.toHaveProperty("sqsManagedSseEnabled");
    }
    expect(inputsOf(program, TOPIC, "order-events")).toEqual({ kmsMasterKeyId: KEY });
  });

  it("lets each function use it for exactly what it does", () => {
    const readAndWrite = ["kms:Decrypt", "kms:GenerateDataKey"];
    const grants = keyGrants(program).map(({ inputs: { role, policy } }) => [role, policy]);
    const allowing = (Action: string[]) => ({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action, Resource: KEY }],
    });
    expect(Object.fromEntries(grants)).toEqual({
      "create-order": allowing(readAndWrite),
      "get-order": allowing(["kms:Decrypt"]),
      "cancel-order": allowing(readAndWrite),
      "process-order": allowing(readAndWrite),
      "reconcile-orders": allowing(readAndWrite),
    });
  });

  it("switches to it only after it is granted, and revokes it only after it is replaced", () => {
    const grants = keyGrants(program).map(({ type, name }) => `${type}::${name}`);
    expect(grants).toHaveLength(5);
    for (const grant of grants) {
      const [role] = program.options.get(grant)?.dependencies ?? [];
      expect(program.options.get(grant)?.dependencies).toHaveLength(1);
      expect(role).toMatch(/^aws:iam\/role:Role::/);
      expect(program.options.get(role ?? "")?.dependencies).toEqual([]);
    }
    const encrypted = [
      `${TABLE}::orders`,
      `${QUEUE}::orders`,
      `${QUEUE}::orders-dead-letters`,
      `${TOPIC}::order-events`,
    ];
    for (const resource of encrypted) {
      expect(program.options.get(resource)?.dependencies).toEqual(expect.arrayContaining(grants));
    }
  });

  it("names the grants after the key, so that another key's are created beside them", () => {
    const hash = createHash("sha256").update(KEY).digest("hex").slice(0, 8);
    for (const { name } of keyGrants(program)) expect(name).toMatch(new RegExp(`-key-${hash}$`));
  });
});
