import { CreateTableCommand, DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { type EmulatedAws, startEmulatedAws } from "../../support/emulated-aws";

let aws: EmulatedAws;
beforeAll(async () => {
  aws = await startEmulatedAws();
});
afterAll(() => aws.stop());

it("describes a table in the stack's region and account", async () => {
  const KeySchema = [{ AttributeName: "id", KeyType: "HASH" as const }];
  const AttributeDefinitions = [{ AttributeName: "id", AttributeType: "S" as const }];
  const table = { TableName: "orders", BillingMode: "PAY_PER_REQUEST" as const };
  await aws.dynamodb.send(new CreateTableCommand({ ...table, KeySchema, AttributeDefinitions }));
  const { Table } = await aws.dynamodb.send(new DescribeTableCommand({ TableName: "orders" }));
  expect(Table?.TableArn).toBe("arn:aws:dynamodb:eu-west-1:000000000000:table/orders");
});
