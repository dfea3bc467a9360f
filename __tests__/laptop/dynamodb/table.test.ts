import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { tableProvider } from "../../../laptop/dynamodb/table";
import { makeIam } from "../../../laptop/iam/authorizer";
import { type EmulatedAws, startEmulatedAws } from "../../support/emulated-aws";
import { registering } from "../../support/registering";

const account = { accountId: "000000000000", region: "eu-west-1" };
let aws: EmulatedAws;

beforeAll(async () => {
  aws = await startEmulatedAws();
});
afterAll(() => aws.stop());

async function withTable(name: string, inputs: Record<string, unknown>) {
  const iam = makeIam(account.accountId);
  const { create, warnings } = registering({ table: tableProvider(account, iam, aws.dynamodb) });
  const attributes = [
    { name: "id", type: "S" },
    { name: "due", type: "N" },
  ];
  const { outputs } = await create("table", name, { hashKey: "id", attributes, ...inputs });
  const { Table } = await aws.dynamodb.send(new DescribeTableCommand({ TableName: name }));
  return { outputs, table: Table, warnings };
}

const index = { name: "by-due", projectionType: "ALL" };
const limits = { maxReadRequestUnits: 100, maxWriteRequestUnits: 100 };

describe("a table", () => {
  it.each([
    ["hash-and-range", { hashKey: "id", rangeKey: "due" }],
    [
      "key-schemas",
      {
        keySchemas: [
          { attributeName: "id", keyType: "HASH" },
          { attributeName: "due", keyType: "RANGE" },
        ],
      },
    ],
  ])("has an index with the keys of its %s", async (name, keys) => {
    const { table } = await withTable(name, { globalSecondaryIndexes: [{ ...index, ...keys }] });
    expect(table?.GlobalSecondaryIndexes?.[0]?.KeySchema).toEqual([
      { AttributeName: "id", KeyType: "HASH" },
      { AttributeName: "due", KeyType: "RANGE" },
    ]);
  });

  it("names the stack's region and account in its ARN and its index's", async () => {
    const keys = { hashKey: "due" };
    const { table, outputs } = await withTable("arns", {
      globalSecondaryIndexes: [{ ...index, ...keys }],
    });
    const arn = "arn:aws:dynamodb:eu-west-1:000000000000:table/arns";
    expect(outputs["arn"]).toBe(arn);
    expect(table?.TableArn).toBe(arn);
    expect(table?.GlobalSecondaryIndexes?.[0]?.IndexArn).toBe(`${arn}/index/by-due`);
  });

  it("accepts limits and encryption, which have no effect here", async () => {
    const { warnings } = await withTable("limits", {
      globalSecondaryIndexes: [{ ...index, hashKey: "due", onDemandThroughput: limits }],
      onDemandThroughput: limits,
      serverSideEncryption: { enabled: false },
    });
    expect(warnings).toEqual([]);
  });
});
