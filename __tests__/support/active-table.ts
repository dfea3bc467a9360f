import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { eventually } from "../../harness/eventually";

/** Creates a table, which takes calls once it is ACTIVE: a moment later. */
export async function createActiveTable(
  dynamodb: DynamoDBClient,
  input: Omit<CreateTableCommandInput, "BillingMode"> & { TableName: string },
): Promise<void> {
  const { TableName } = input;
  await dynamodb.send(new CreateTableCommand({ ...input, BillingMode: "PAY_PER_REQUEST" }));
  await eventually(`table ${TableName} to be made`, async () => {
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
    return Table?.TableStatus === "ACTIVE";
  });
}
