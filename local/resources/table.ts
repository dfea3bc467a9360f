import { CreateTableCommand } from "@aws-sdk/client-dynamodb";
import { array, create, defaulted, optional, string, type } from "superstruct";
import { arn, type Cloud, type Resource } from "../cloud";
import { encryptWith } from "./key";

export async function makeTable(name: string, inputs: unknown, cloud: Cloud): Promise<Resource> {
  const keys = { hashKey: string(), rangeKey: optional(string()) };
  const struct = type({
    ...keys,
    attributes: array(type({ name: string(), type: string() })),
    serverSideEncryption: optional(type({ kmsKeyArn: optional(string()) })),
    globalSecondaryIndexes: defaulted(
      array(
        type({
          ...keys,
          name: string(),
          projectionType: string(),
          nonKeyAttributes: optional(array(string())),
        }),
      ),
      [],
    ),
  });
  const table = create(inputs, struct);
  await cloud.dynamodb.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: keySchema(table),
      AttributeDefinitions: table.attributes.map((attribute) => ({
        AttributeName: attribute.name,
        AttributeType: attribute.type as "S" | "N" | "B",
      })),
      ...(table.globalSecondaryIndexes.length > 0 && {
        GlobalSecondaryIndexes: table.globalSecondaryIndexes.map((index) => ({
          IndexName: index.name,
          KeySchema: keySchema(index),
          Projection: {
            ProjectionType: index.projectionType as "ALL" | "KEYS_ONLY" | "INCLUDE",
            ...(index.nonKeyAttributes && { NonKeyAttributes: index.nonKeyAttributes }),
          },
        })),
      }),
    }),
  );
  const tableArn = arn(cloud, "dynamodb", `table/${name}`);
  encryptWith(cloud, tableArn, table.serverSideEncryption?.kmsKeyArn);
  return { id: name, outputs: { name, arn: tableArn } };
}

function keySchema({ hashKey, rangeKey }: { hashKey: string; rangeKey?: string | undefined }) {
  const hash = { AttributeName: hashKey, KeyType: "HASH" as const };
  return rangeKey === undefined
    ? [hash]
    : [hash, { AttributeName: rangeKey, KeyType: "RANGE" as const }];
}
