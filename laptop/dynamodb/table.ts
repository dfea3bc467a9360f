import type { DynamoDBClient, KeySchemaElement } from "@aws-sdk/client-dynamodb";
import {
  array,
  defaulted,
  enums,
  type Infer,
  object,
  optional,
  string,
  type,
  unknown,
} from "superstruct";
import { type Account, arn } from "../account";
import type { Iam } from "../iam/authorizer";
import { recordEncryptionKey } from "../kms/key";
import { defineProvider, type Provider } from "../program/provider";
import { createTable } from "./kept-table";

const emulated = type({
  hashKey: string(),
  rangeKey: optional(string()),
  attributes: array(object({ name: string(), type: enums(["S", "N", "B"]) })),
  serverSideEncryption: optional(
    object({ kmsKeyArn: optional(string()), enabled: optional(unknown()) }),
  ),
  globalSecondaryIndexes: defaulted(
    array(
      object({
        name: string(),
        hashKey: optional(string()),
        rangeKey: optional(string()),
        keySchemas: optional(
          array(object({ attributeName: string(), keyType: enums(["HASH", "RANGE"]) })),
        ),
        onDemandThroughput: optional(unknown()),
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
  iam: Pick<Iam, "keyByResource" | "encryptedByAws">,
  dynamodb: DynamoDBClient,
): Provider {
  return defineProvider({
    emulated,
    kept: { holds: "items", replacedBy: ["hashKey", "rangeKey"] },
    withoutEffect: [
      "billingMode",
      "deletionProtectionEnabled",
      "onDemandThroughput",
      "pointInTimeRecovery",
      "tableClass",
    ],
    refused: {
      streamEnabled: "nothing reads a stream here",
      localSecondaryIndexes: "use a global one",
    },
    async create(name, table) {
      await createTable(dynamodb, {
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
      });
      const tableArn = arn(account, "dynamodb", `table/${name}`);
      recordEncryptionKey(iam, tableArn, table.serverSideEncryption?.kmsKeyArn);
      return { id: name, outputs: { name, arn: tableArn } };
    },
  });
}

type Keys = Partial<Infer<typeof emulated>["globalSecondaryIndexes"][number]>;

/** Of a table, or of an index, which may have a list of keys instead of `hashKey` and `rangeKey`. */
function keySchema({ hashKey, rangeKey, keySchemas }: Keys): KeySchemaElement[] {
  return (
    keySchemas?.map(({ attributeName, keyType }) => ({
      AttributeName: attributeName,
      KeyType: keyType,
    })) ?? [
      { AttributeName: hashKey, KeyType: "HASH" },
      ...(rangeKey === undefined ? [] : [{ AttributeName: rangeKey, KeyType: "RANGE" as const }]),
    ]
  );
}
