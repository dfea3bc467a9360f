import { CreateTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { array, defaulted, enums, object, optional, string, type, unknown } from "superstruct";
import { arn, type Account } from "../account";
import type { Iam } from "../iam/authorizer";
import { encryptWith } from "../kms/key";
import { defineProvider, type Provider } from "../program/provider";

const keys = { hashKey: string(), rangeKey: optional(string()) };
const emulated = type({
  ...keys,
  attributes: array(object({ name: string(), type: enums(["S", "N", "B"]) })),
  serverSideEncryption: optional(
    object({ kmsKeyArn: optional(string()), enabled: optional(unknown()) }),
  ),
  globalSecondaryIndexes: defaulted(
    array(
      object({
        ...keys,
        name: string(),
        projectionType: enums(["ALL", "KEYS_ONLY", "INCLUDE"]),
        nonKeyAttributes: optional(array(string())),
      }),
    ),
    [],
  ),
});

/** Tables in dynalite. */
export function tableProvider(
  account: Account,
  iam: Pick<Iam, "keys">,
  dynamodb: DynamoDBClient,
): Provider {
  return defineProvider({
    emulated,
    withoutEffect: ["billingMode", "pointInTimeRecovery", "deletionProtectionEnabled"],
    refused: {
      streamEnabled: "nothing reads a stream here",
      localSecondaryIndexes: "use a global one",
    },
    async create(name, table) {
      await dynamodb.send(
        new CreateTableCommand({
          TableName: name,
          BillingMode: "PAY_PER_REQUEST",
          KeySchema: keySchema(table),
          AttributeDefinitions: table.attributes.map((attribute) => ({
            AttributeName: attribute.name,
            AttributeType: attribute.type,
          })),
          ...(table.globalSecondaryIndexes.length > 0 && {
            GlobalSecondaryIndexes: table.globalSecondaryIndexes.map((index) => ({
              IndexName: index.name,
              KeySchema: keySchema(index),
              Projection: {
                ProjectionType: index.projectionType,
                ...(index.nonKeyAttributes && { NonKeyAttributes: index.nonKeyAttributes }),
              },
            })),
          }),
        }),
      );
      const tableArn = arn(account, "dynamodb", `table/${name}`);
      encryptWith({ iam }, tableArn, table.serverSideEncryption?.kmsKeyArn);
      return { id: name, outputs: { name, arn: tableArn } };
    },
  });
}

function keySchema({ hashKey, rangeKey }: { hashKey: string; rangeKey?: string | undefined }) {
  const hash = { AttributeName: hashKey, KeyType: "HASH" as const };
  return rangeKey === undefined
    ? [hash]
    : [hash, { AttributeName: rangeKey, KeyType: "RANGE" as const }];
}
