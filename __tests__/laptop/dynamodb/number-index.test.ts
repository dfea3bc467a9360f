import {
  type AttributeValue,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { tableProvider } from "../../../laptop/dynamodb/table";
import { makeIam } from "../../../laptop/iam/authorizer";
import { type EmulatedAws, startEmulatedAws } from "../../support/emulated-aws";
import { registering } from "../../support/registering";

const TableName = "orders";
let aws: EmulatedAws;

beforeAll(async () => {
  aws = await startEmulatedAws();
  const account = { accountId: "0", region: "eu-west-1" };
  const { create } = registering({ table: tableProvider(account, makeIam("0"), aws.dynamodb) });
  const inputs = {
    hashKey: "id",
    attributes: [
      { name: "id", type: "S" },
      { name: "shelf", type: "S" },
      { name: "due", type: "N" },
    ],
    globalSecondaryIndexes: [
      {
        name: "shelves",
        hashKey: "shelf",
        rangeKey: "due",
        projectionType: "INCLUDE",
        nonKeyAttributes: ["tries", "since"],
      },
    ],
  };
  await create("table", TableName, inputs);
});
afterAll(() => aws.stop());

const put = (id: string, shelf: string, due: string, more: Record<string, AttributeValue> = {}) =>
  aws.dynamodb.send(
    new PutItemCommand({
      TableName,
      Item: { id: { S: id }, shelf: { S: shelf }, due: { N: due }, ...more },
    }),
  );

async function query(shelf: string, condition: string, due: string, more: object = {}) {
  return aws.dynamodb.send(
    new QueryCommand({
      TableName,
      IndexName: "shelves",
      KeyConditionExpression: `shelf = :shelf AND due ${condition} :due`,
      ExpressionAttributeValues: { ":shelf": { S: shelf }, ":due": { N: due } },
      ...more,
    }),
  );
}

async function idsOf(...args: Parameters<typeof query>): Promise<(string | undefined)[]> {
  const { Items = [] } = await query(...args);
  return Items.map(({ id }) => id?.S);
}

function update(id: string, UpdateExpression: string, due?: string) {
  const ExpressionAttributeValues = { ":due": { N: due ?? "" } };
  return aws.dynamodb.send(
    new UpdateItemCommand({
      TableName,
      Key: { id: { S: id } },
      UpdateExpression,
      ...(due !== undefined && { ExpressionAttributeValues }),
    }),
  );
}

describe("an index on the laptop whose sort key is a number", () => {
  it("is sorted by the number, not by its text, and bounded by it", async () => {
    const times = ["9", "10", "1764000000000", "999", "-5", "0", "1764000000000.5"];
    for (const due of times) await put(`n${due}`, "sorted", due);
    expect(await idsOf("sorted", "<=", "1764000000000")).toEqual(
      ["-5", "0", "9", "10", "999", "1764000000000"].map((due) => `n${due}`),
    );
    expect(await idsOf("sorted", "<", "10")).toEqual(["n-5", "n0", "n9"]);
    expect(await idsOf("sorted", "<=", "1e1", { ScanIndexForward: false })).toEqual([
      "n10",
      "n9",
      "n0",
      "n-5",
    ]);
  });

  it("gives its keys and the attributes that it includes, and no others", async () => {
    const included = { tries: { N: "3" }, since: { N: "7" } };
    await put("o-1", "projected", "1764000000000", { ...included, items: { S: "[]" } });
    const { Items } = await query("projected", "<=", "1764000000000");
    expect(Items).toEqual([
      { id: { S: "o-1" }, shelf: { S: "projected" }, due: { N: "1764000000000" }, ...included },
    ]);
  });

  it("follows an update of its keys, and loses an item that has them no longer", async () => {
    for (const id of ["a", "b", "c", "d"]) await put(id, "moving", "100");
    await put("other", "moving", "50");
    await update("a", "SET due = :due", "300");
    await update("b", "REMOVE shelf");
    await update("c", "REMOVE due");
    await update("d", "REMOVE shelf, due");
    expect(await idsOf("moving", "<=", "1000")).toEqual(["other", "a"]);
    expect(await idsOf("moving", "<=", "100")).toEqual(["other"]);
    await update("c", "SET due = :due", "20");
    expect(await idsOf("moving", "<=", "100")).toEqual(["c", "other"]);
  });

  it("gives pages that go on where the last one ended, also among equal numbers", async () => {
    const ids = Array.from({ length: 7 }, (_, i) => `p${i}`);
    for (const id of ids) await put(id, "pages", "100");
    const found: (string | undefined)[] = [];
    let start: Record<string, AttributeValue> | undefined;
    do {
      const page = await query("pages", "<=", "100", { Limit: 3, ExclusiveStartKey: start });
      found.push(...(page.Items ?? []).map(({ id }) => id?.S));
      start = page.LastEvaluatedKey;
    } while (start);
    expect([...found].sort()).toEqual(ids);
  });

  it("is never read consistently, as in AWS", async () => {
    await expect(query("pages", "<=", "1", { ConsistentRead: true })).rejects.toThrow(
      "Consistent reads are not supported on global secondary indexes",
    );
  });
});
