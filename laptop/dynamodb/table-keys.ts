import { array, optional, record, string, type Struct, type, validate } from "superstruct";
import type { AwsCall } from "../aws-call";
import { jsonObject } from "../json-object";

type Item = Record<string, unknown>;

/** An item that a call writes, by its key. */
export interface WrittenKey {
  table: string;
  key: Item;
  /** The same for every call that is about this item. */
  id: string;
}

export interface TableKeys {
  /** Learns a table's key from the call that creates it. */
  learn(call: AwsCall): void;
  /** What a call writes; nothing where that is not known. */
  writtenBy(call: AwsCall): WrittenKey[];
}

const createTable = type({
  TableName: string(),
  KeySchema: array(type({ AttributeName: string() })),
});
const putItem = type({ TableName: string(), Item: jsonObject });
const changeItem = type({ TableName: string(), Key: jsonObject });
const batchWrite = type({
  RequestItems: record(
    string(),
    array(
      type({
        PutRequest: optional(type({ Item: jsonObject })),
        DeleteRequest: optional(type({ Key: jsonObject })),
      }),
    ),
  ),
});

export function makeTableKeys(): TableKeys {
  const attributes = new Map<string, string[]>();

  function keyIn(table: string, written: Item | undefined): WrittenKey[] {
    const names = attributes.get(table);
    if (!names || !written || !names.every((name) => name in written)) return [];
    const key = Object.fromEntries(names.map((name) => [name, written[name]]));
    return [{ table, key, id: JSON.stringify([table, ...names.map((name) => idOf(key[name]))]) }];
  }

  return {
    learn({ action, fields }) {
      const created = action === "CreateTable" ? parse(fields, createTable) : undefined;
      if (!created) return;
      const names = created.KeySchema.map(({ AttributeName }) => AttributeName);
      attributes.set(created.TableName, names);
    },
    writtenBy({ action, resource, fields }) {
      switch (action) {
        case "PutItem":
          return keyIn(resource, parse(fields, putItem)?.Item);
        case "UpdateItem":
        case "DeleteItem":
          return keyIn(resource, parse(fields, changeItem)?.Key);
        case "BatchWriteItem":
          return Object.entries(parse(fields, batchWrite)?.RequestItems ?? {}).flatMap(
            ([table, requests]) =>
              requests.flatMap(({ PutRequest, DeleteRequest }) =>
                keyIn(table, PutRequest?.Item ?? DeleteRequest?.Key),
              ),
          );
        default:
          return [];
      }
    },
  };
}

/** `{ N: "1" }` and `{ N: "1.0" }` are one key. */
function idOf(value: unknown): string {
  const text = JSON.stringify(value);
  const number = /^\{"N":"(.*)"\}$/.exec(text)?.[1];
  return number === undefined ? text : String(Number(number));
}

function parse<T, S>(fields: AwsCall["fields"], struct: Struct<T, S>): T | undefined {
  return validate(fields, struct)[1];
}
