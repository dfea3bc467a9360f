import type { AttributeValue, QueryCommand, QueryCommandOutput } from "@aws-sdk/client-dynamodb";
import type { KeyCondition } from "./expressions/key-conditions";
import { statementOf } from "./expressions/statements";
import { validationException } from "./expressions/validation";
import { type Item, stored } from "./expressions/values";
import type { Entry, IndexOptions } from "./table-index";

/** A query of the index: `entriesOf` gives a partition's entries in ascending order. */
export function query(
  input: QueryCommand["input"],
  tableKey: string,
  index: IndexOptions,
  entriesOf: (partition: string) => readonly Entry[],
): QueryCommandOutput {
  if (input.IndexName !== index.name)
    throw validationException("this table queries its index only");
  const { keyConditions = [], valuesOf } = statementOf(input);
  const values = valuesOf(input);
  const { partition, sort } = keysOf(keyConditions, index);
  const name = values[partition]?.S;
  if (!name) throw validationException("the index's partition key is not a text, or is empty");
  checkSortValues(sort, values);

  const isForward = input.ScanIndexForward ?? true;
  const ascending = entriesOf(name);
  const entries = isForward ? ascending : [...ascending].reverse();
  const { Limit = Infinity } = input;
  if (Limit < 1) throw validationException("Limit must be at least 1");
  const start = startOf(input.ExclusiveStartKey, tableKey, index);
  const isBounded = isForward && (sort?.operator === "<" || sort?.operator === "<=");
  const found: Item[] = [];
  for (const entry of entries) {
    if (found.length >= Limit) break;
    if (start && distance(entry, start) * (isForward ? 1 : -1) <= 0) continue;
    if (!sort || sort.test(entry.item, values)) found.push(entry.item);
    else if (isBounded) break;
  }
  const last = found.length === Limit ? found.at(-1) : undefined;
  return {
    $metadata: {},
    Items: found,
    Count: found.length,
    ScannedCount: found.length,
    ...(last && { LastEvaluatedKey: keyOf(last, [tableKey, index.partition, index.sort]) }),
  };
}

function keysOf(conditions: KeyCondition[], { partition, sort }: IndexOptions) {
  const ofPartition = conditions.find(({ attribute }) => attribute === partition);
  const ofSort = conditions.find(({ attribute }) => attribute === sort);
  const value = ofPartition?.operator === "=" ? ofPartition.values[0] : undefined;
  if (value === undefined || conditions.length !== (ofSort ? 2 : 1)) {
    throw validationException("Query condition missed key schema element, or has another one");
  }
  return { partition: value, sort: ofSort };
}

function checkSortValues(sort: KeyCondition | undefined, values: Item): void {
  if (sort?.values.every((name) => values[name]?.N !== undefined) === false) {
    throw validationException("Condition parameter type does not match schema type");
  }
}

function startOf(
  key: Item | undefined,
  tableKey: string,
  { sort }: IndexOptions,
): Pick<Entry, "sort" | "key"> | undefined {
  if (!key) return undefined;
  const { N } = stored(key[sort], sort);
  const { S } = stored(key[tableKey], tableKey);
  if (N === undefined || S === undefined) {
    throw validationException("The provided starting key is invalid");
  }
  return { sort: Number(N), key: S };
}

function distance(a: Pick<Entry, "sort" | "key">, b: Pick<Entry, "sort" | "key">): number {
  return a.sort - b.sort || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}

function keyOf(item: Item, names: string[]): Record<string, AttributeValue> {
  return Object.fromEntries(names.map((name) => [name, stored(item[name], name)]));
}
