import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  type GetItemCommandOutput,
  PutItemCommand,
  type PutItemCommandOutput,
  QueryCommand,
  type QueryCommandOutput,
  UpdateItemCommand,
  type UpdateItemCommandOutput,
} from "@aws-sdk/client-dynamodb";
import { statementOf } from "./expressions/statements";
import { validationException } from "./expressions/validation";
import { type Item, stored } from "./expressions/values";
import { type IndexOptions, makeTableIndex } from "./table-index";
import { checkInputs } from "./table-inputs";
import { makeTableLog } from "./table-log";
import { query } from "./table-query";

export type { Item } from "./expressions/values";

export interface TableOptions {
  /** The partition key, a text; there is no sort key. */
  key: string;
  index: IndexOptions;
  /** Virtual time in milliseconds; never goes back. */
  now?: () => number;
  /** How long before now a stale read may look. */
  maxStaleMilliseconds?: number;
  /** Gets each write that was performed. */
  onWrite?: (write: TableWrite) => void;
}

export interface TableWrite {
  key: string;
  before: Item | undefined;
  after: Item;
}

export interface ReadOptions {
  /** The time from which reads that are not strongly consistent are answered; now unless given. */
  asOf?: number | undefined;
}

export type TableCommand = GetItemCommand | PutItemCommand | UpdateItemCommand | QueryCommand;
export type TableOutput =
  GetItemCommandOutput | PutItemCommandOutput | UpdateItemCommandOutput | QueryCommandOutput;

/** Frozen, like its items: no caller can alter the table through what it was given. */
type Attributes = Record<string, AttributeValue>;

const $metadata = Object.freeze({});

export type Table = ReturnType<typeof makeTable>;

/**
 * A DynamoDB table in memory: it evaluates the expressions of the SDK's own commands, and refuses
 * what it does not understand. Reserved words are not among that: DynamoDB has some 570.
 */
export function makeTable(options: TableOptions) {
  const { key: keyName, now = () => 0, onWrite } = options;
  let items = new Map<string, Item>();
  const index = makeTableIndex(keyName, options.index);
  const log = makeTableLog(options.maxStaleMilliseconds ?? 0);

  function perform(command: TableCommand, { asOf }: ReadOptions = {}): TableOutput {
    if (command instanceof UpdateItemCommand) return update(command.input);
    if (command instanceof GetItemCommand) return get(command.input, asOf);
    if (command instanceof QueryCommand) {
      checkInputs("Query", command.input);
      const overwritten = asOf === undefined ? undefined : log.overwrittenSince(asOf);
      return query(command.input, keyName, options.index, (partition) =>
        index.entries(partition, overwritten),
      );
    }
    if (command instanceof PutItemCommand) return put(command.input);
    throw validationException("this table knows GetItem, PutItem, UpdateItem and Query");
  }

  function get(input: GetItemCommand["input"], asOf: number | undefined): GetItemCommandOutput {
    checkInputs("GetItem", input);
    const key = keyIn(input.Key);
    const isStale = asOf !== undefined && input.ConsistentRead !== true;
    const overwritten = isStale ? log.overwrittenSince(asOf) : undefined;
    const item = overwritten?.has(key) ? overwritten.get(key) : items.get(key);
    return item ? { $metadata, Item: item } : { $metadata };
  }

  function put(input: PutItemCommand["input"]): PutItemCommandOutput {
    checkInputs("PutItem", input);
    const { condition, valuesOf } = statementOf(input);
    const values = valuesOf(input);
    const copy: Attributes = {};
    for (const name in input.Item) copy[name] = stored(input.Item[name], name);
    const after = Object.freeze(copy);
    const key = keyText(after);
    checkIndexKeys(after);
    const before = items.get(key);
    if (condition && !condition(before ?? {}, values)) throw refusal(input, before);
    write(key, before, after);
    return input.ReturnValues === "ALL_OLD" && before
      ? { $metadata, Attributes: before }
      : { $metadata };
  }

  function update(input: UpdateItemCommand["input"]): UpdateItemCommandOutput {
    checkInputs("UpdateItem", input);
    const { condition, update: change, valuesOf } = statementOf(input);
    const key = keyIn(input.Key);
    const values = valuesOf(input);
    if (change?.written.includes(keyName)) {
      throw validationException(`Cannot update attribute ${keyName}. It is part of the key`);
    }
    const before = items.get(key);
    if (condition && !condition(before ?? {}, values)) throw refusal(input, before);
    const created = before ?? { [keyName]: stored({ S: key }, keyName) };
    const after = change ? change.apply(created, values) : created;
    checkIndexKeys(after);
    write(key, before, after);
    const returned = input.ReturnValues === "ALL_NEW" ? after : before;
    return returned && (input.ReturnValues ?? "NONE") !== "NONE"
      ? { $metadata, Attributes: returned }
      : { $metadata };
  }

  function write(key: string, before: Item | undefined, after: Item): void {
    log.add(now(), key, before);
    items.set(key, after);
    index.write(before, after);
    onWrite?.({ key, before, after });
  }

  function keyIn(key: Item | undefined): string {
    if (!key || Object.keys(key).length !== 1) {
      throw validationException("The provided key element does not match the schema");
    }
    return keyText(key);
  }

  function keyText(item: Item): string {
    const key = item[keyName]?.S;
    if (!key) throw validationException(`The key ${keyName} is not a text, or is empty`);
    return key;
  }

  function checkIndexKeys(item: Item): void {
    const { partition, sort, name } = options.index;
    if (item[partition] !== undefined && !item[partition].S) {
      throw validationException(`Type mismatch for Index Key ${partition}, IndexName: ${name}`);
    }
    if (item[sort] !== undefined && item[sort].N === undefined) {
      throw validationException(`Type mismatch for Index Key ${sort}, IndexName: ${name}`);
    }
  }

  return {
    /** Throws the SDK's ConditionalCheckFailedException, or a ValidationException. */
    perform,
    /** The first argument of makeOrdersTable. */
    client(read: () => ReadOptions = () => ({})): Pick<DynamoDBClient, "send"> {
      const send = (command: TableCommand) =>
        Promise.resolve().then(() => perform(command, read()));
      return { send } as Pick<DynamoDBClient, "send">;
    },
    /** What a strongly consistent read would give. */
    item: (key: string): Item | undefined => items.get(key),
    /** All of them, as they are at this moment: they never change. */
    items: (): Item[] => [...items.values()],
    /** Takes an item out, as if it had never been: where there are too many to keep. */
    forget(key: string): void {
      index.write(items.get(key), undefined);
      items.delete(key);
    },
    /** Replaces everything, as where the table is restored to an earlier time. */
    restore(snapshot: readonly Item[]): void {
      items = new Map(snapshot.map((item) => [keyText(item), item]));
      log.clear();
      index.clear();
      for (const item of snapshot) index.write(undefined, item);
    },
  };
}

function refusal(
  { ReturnValuesOnConditionCheckFailure }: PutItemCommand["input"] | UpdateItemCommand["input"],
  before: Item | undefined,
): ConditionalCheckFailedException {
  const isWanted = before && ReturnValuesOnConditionCheckFailure === "ALL_OLD";
  const { stackTraceLimit } = Error;
  // An expected outcome, and a frequent one: its stack trace would take ten times as long as all the rest.
  Error.stackTraceLimit = 0;
  try {
    return new ConditionalCheckFailedException({
      $metadata,
      message: "The conditional request failed",
      ...(isWanted && { Item: before }),
    });
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
