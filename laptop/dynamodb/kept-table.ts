import { isDeepStrictEqual } from "node:util";
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";

/** Creates the table, or takes the one that `--data` has kept. Throws where that one has other keys or indexes. */
export async function createTable(
  dynamodb: DynamoDBClient,
  input: CreateTableCommandInput,
): Promise<void> {
  const { TableName } = input;
  try {
    await dynamodb.send(new CreateTableCommand(input));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
    const { Table = {} } = await dynamodb.send(new DescribeTableCommand({ TableName }));
    if (isDeepStrictEqual(keysOf(Table), keysOf(input))) return;
    throw new Error(
      `the table ${TableName ?? ""} that --data has kept has other keys or indexes than the program's: name another folder, or delete that one`,
      { cause: error },
    );
  }
}

type TableKeys = Pick<
  TableDescription,
  "KeySchema" | "AttributeDefinitions" | "GlobalSecondaryIndexes"
>;

/** What cannot be changed in a table, or takes a migration; without the order of lists. */
function keysOf({ KeySchema, AttributeDefinitions = [], GlobalSecondaryIndexes = [] }: TableKeys) {
  return {
    KeySchema,
    attributes: new Map(
      AttributeDefinitions.map((each) => [each.AttributeName, each.AttributeType]),
    ),
    indexes: new Map(
      GlobalSecondaryIndexes.map(({ IndexName, KeySchema: keys, Projection }) => [
        IndexName,
        [keys, Projection?.ProjectionType, new Set(Projection?.NonKeyAttributes)],
      ]),
    ),
  };
}
