import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SHELVES } from "../../handlers/aws/stored-order";
import { makeTable } from "../../simulation/table";
import { createActiveTable } from "./active-table";
import { startEmulatedAws } from "./emulated-aws";

export interface Tables {
  /** An empty table with the index over orders' shelves, and a client that finds it. */
  make(tableName: string): Promise<Pick<DynamoDBClient, "send">>;
  stop(): Promise<void>;
}

function inMemory(): Promise<Tables> {
  return Promise.resolve({
    make: () => Promise.resolve(makeMemoryTable().client()),
    stop: () => Promise.resolve(),
  });
}

export function makeMemoryTable() {
  return makeTable({ key: "orderId", index: { ...SHELVES, name: SHELVES.index } });
}

/** dynalite behind the laptop's endpoint. */
export async function onTheLaptop(): Promise<Tables> {
  const aws = await startEmulatedAws();
  return {
    async make(TableName) {
      await createActiveTable(aws.dynamodb, {
        TableName,
        KeySchema: [{ AttributeName: "orderId", KeyType: "HASH" }],
        AttributeDefinitions: [
          { AttributeName: "orderId", AttributeType: "S" },
          { AttributeName: SHELVES.partition, AttributeType: "S" },
          { AttributeName: SHELVES.sort, AttributeType: "N" },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: SHELVES.index,
            KeySchema: [
              { AttributeName: SHELVES.partition, KeyType: "HASH" },
              { AttributeName: SHELVES.sort, KeyType: "RANGE" },
            ],
            Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: SHELVES.projected },
          },
        ],
      });
      return aws.dynamodb;
    },
    stop: () => aws.stop(),
  };
}

export const TABLES: [string, () => Promise<Tables>][] = [
  ["in memory", inMemory],
  ["DynamoDB on the laptop (dynalite)", onTheLaptop],
];
