import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { AwsCall } from "../../../laptop/aws-call";
import { makeTableCalls } from "../../../laptop/dynamodb/table-calls";
import { createActiveTable } from "../../support/active-table";
import { type EmulatedAws, startEmulatedAws } from "../../support/emulated-aws";

const ALL_OLD = { ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const };

/** A table whose every answer takes a while: what is not held back comes in between. */
function setUp() {
  const perform = makeTableCalls(() => undefined);
  const log: string[] = [];
  let item = { id: { S: "a" }, version: { N: "1" } };
  let isBroken = false;
  const answer = (status: number, body: object) => ({
    status,
    headers: { "content-length": "1", "x-amz-crc32": "1", "content-type": "json" },
    body: Buffer.from(JSON.stringify(body)),
  });
  async function passOn(action: string, body: Buffer) {
    log.push(action);
    const { Item, ConditionExpression } = JSON.parse(body.toString()) as {
      Item?: typeof item;
      ConditionExpression?: string;
    };
    if (Item && ConditionExpression === undefined) item = Item;
    const seen = action === "GetItem" ? { Item: item } : {};
    for (let ticks = 0; ticks < 5; ticks += 1) await new Promise(setImmediate);
    if (isBroken) throw new Error("the emulator is gone");
    return ConditionExpression === undefined
      ? answer(200, seen)
      : answer(400, { __type: "x#ConditionalCheckFailedException", message: "no" });
  }
  const call = (action: string, fields: object, resource = "t") =>
    perform(
      { action, resource, fields, body: Buffer.from(JSON.stringify(fields)) } as AwsCall,
      undefined,
      passOn,
    );
  return {
    log,
    call,
    create: () =>
      call("CreateTable", {
        TableName: "t",
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      }),
    refused: (fields: object = ALL_OLD) =>
      call("PutItem", {
        TableName: "t",
        Item: { id: { S: "a" } },
        ConditionExpression: "version > :v",
        ...fields,
      }),
    break: () => (isBroken = true),
    mend: () => (isBroken = false),
  };
}

const put = (id: string) => ({ TableName: "t", Item: { id: { S: id }, version: { N: "2" } } });
const COMPETING: [string, object][] = [
  ["PutItem", put("a")],
  ["UpdateItem", { TableName: "t", Key: { id: { S: "a" } } }],
  ["DeleteItem", { TableName: "t", Key: { id: { S: "a" } } }],
  ["BatchWriteItem", { RequestItems: { t: [{ PutRequest: put("z") }, { PutRequest: put("a") }] } }],
  ["BatchWriteItem", { RequestItems: { t: [{ DeleteRequest: { Key: { id: { S: "a" } } } }] } }],
];

describe("the item of a refused condition", () => {
  it.each(COMPETING)(
    "is the one of the refusal, whatever comes meanwhile: %s",
    async (...write) => {
      const { log, create, refused, call } = setUp();
      await create();
      const [answer] = await Promise.all([refused(), call(...write)]);
      expect(JSON.parse(answer.body.toString())).toEqual({
        __type: "x#ConditionalCheckFailedException",
        message: "no",
        Item: { id: { S: "a" }, version: { N: "1" } },
      });
      expect(answer.headers).toEqual({ "content-type": "json" });
      expect(log.slice(0, 4)).toEqual(["CreateTable", "PutItem", "GetItem", write[0]]);
    },
  );

  it("holds nothing back but writes to this key", async () => {
    const { log, create, refused, call } = setUp();
    await create();
    await Promise.all([refused(), call("PutItem", put("b")), call("Query", { TableName: "t" })]);
    expect([...log].sort()).toEqual(["CreateTable", "GetItem", "PutItem", "PutItem", "Query"]);
    expect(log.at(-1)).toBe("GetItem");
  });

  it("is not read where nobody asks for it", async () => {
    const { log, create, refused } = setUp();
    await create();
    const answer = await refused({ ReturnValuesOnConditionCheckFailure: "NONE" });
    expect(JSON.parse(answer.body.toString())).not.toHaveProperty("Item");
    expect(log).toEqual(["CreateTable", "PutItem"]);
  });

  it("lets the key go when the emulator breaks down", async () => {
    const stack = setUp();
    await stack.create();
    stack.break();
    await expect(stack.refused()).rejects.toThrow("the emulator is gone");
    stack.mend();
    await expect(stack.call("PutItem", put("a"))).resolves.toMatchObject({ status: 200 });
  });
});

describe("DynamoDB on the laptop", () => {
  let aws: EmulatedAws;

  beforeAll(async () => {
    aws = await startEmulatedAws();
    await createActiveTable(aws.dynamodb, {
      TableName: "orders",
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    });
  });
  afterAll(() => aws.stop());

  const TableName = "orders";
  const key = (id: string) => ({ id: { S: id } });
  const putOrder = (id: string, fields: Record<string, AttributeValue> = {}) =>
    aws.dynamodb.send(new PutItemCommand({ TableName, Item: { ...key(id), ...fields } }));

  async function refusalOf(
    sent: Promise<unknown>,
  ): Promise<ConditionalCheckFailedException | undefined> {
    try {
      await sent;
      return undefined;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return error;
      throw error;
    }
  }

  it("gives the SDK the item that refused a put, an update or a deletion", async () => {
    await putOrder("o-1", { status: { S: "COMPLETED" }, ünïcode: { S: "€" } });
    const condition = { ConditionExpression: "attribute_not_exists(id)", ...ALL_OLD };
    const Item = { ...key("o-1"), status: { S: "COMPLETED" }, ünïcode: { S: "€" } };
    const Key = key("o-1");
    const UpdateExpression = "REMOVE z";
    const refusals = await Promise.all(
      [
        aws.dynamodb.send(new PutItemCommand({ TableName, Item: Key, ...condition })),
        aws.dynamodb.send(
          new UpdateItemCommand({ TableName, Key, UpdateExpression, ...condition }),
        ),
        aws.dynamodb.send(new DeleteItemCommand({ TableName, Key, ...condition })),
      ].map(refusalOf),
    );
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ message: "The conditional request failed" });
      expect(refusal?.Item).toEqual(Item);
    }
  });

  it("gives none where there is none, or where it was not asked for", async () => {
    const missing = await refusalOf(
      aws.dynamodb.send(
        new DeleteItemCommand({
          TableName,
          Key: key("nobody"),
          ConditionExpression: "attribute_exists(id)",
          ...ALL_OLD,
        }),
      ),
    );
    expect(missing).toBeInstanceOf(ConditionalCheckFailedException);
    expect(missing?.Item).toBeUndefined();
    await putOrder("o-2");
    const unasked = await refusalOf(
      aws.dynamodb.send(
        new PutItemCommand({
          TableName,
          Item: key("o-2"),
          ConditionExpression: "attribute_not_exists(id)",
        }),
      ),
    );
    expect(unasked).toBeInstanceOf(ConditionalCheckFailedException);
    expect(unasked?.Item).toBeUndefined();
  });

  it("never gives an item that satisfies the condition", async () => {
    const update = (id: string, UpdateExpression: string, more: object) => ({
      TableName,
      Key: key(id),
      UpdateExpression,
      ExpressionAttributeValues: { ":one": { N: "1" } },
      ...more,
    });
    const contradictions: unknown[] = [];
    let refusals = 0;
    for (let round = 0; round < 20; round += 1) {
      const id = `race-${round}`;
      await putOrder(id, { version: { N: "0" } });
      // The first of them raises the version from 0, and the condition holds.
      const raise = () =>
        aws.dynamodb.send(new UpdateItemCommand(update(id, "ADD version :one", {})));
      const read = () =>
        refusalOf(
          aws.dynamodb.send(
            new UpdateItemCommand(
              update(id, "REMOVE z", { ConditionExpression: "version >= :one", ...ALL_OLD }),
            ),
          ),
        );
      const found = await Promise.all([read(), read(), raise(), read(), raise(), read()]);
      for (const refusal of found) {
        if (!(refusal instanceof ConditionalCheckFailedException)) continue;
        refusals += 1;
        if (refusal.Item?.["version"]?.N !== "0") contradictions.push(refusal.Item);
      }
    }
    expect(refusals).toBeGreaterThan(0);
    expect(contradictions).toEqual([]);
  });
});
