import {
  type AttributeValue,
  type DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { onTheLaptop, TABLES, type Tables } from "../support/orders-tables";

const TableName = "expressions";
const Key = { orderId: { S: "a" } };

// What dynalite does otherwise than DynamoDB is not among what is compared: it has no empty texts in
// IN and BETWEEN and no lists in IN, takes two attributes that an item lacks for equal, and two lists
// with the same elements for different.
const VALUES: Record<string, AttributeValue> = {
  ":n0": { N: "9" },
  ":n1": { N: "10" },
  ":s0": { S: "b" },
  ":s1": { S: "ba" },
  ":t": { BOOL: true },
  ":l0": { L: [] },
  ":l1": { L: [{ S: "b" }, { N: "9" }] },
};

/** With the values and names that the texts use. */
function call(condition: string | undefined, update?: string): UpdateItemCommandInput {
  const used = new Set(`${condition ?? ""} ${update ?? ""}`.match(/[:#]\w+/g));
  const values = Object.entries(VALUES).filter(([name]) => used.has(name));
  return {
    TableName,
    Key,
    ...(condition !== undefined && { ConditionExpression: condition }),
    ...(update !== undefined && { UpdateExpression: update }),
    ...(values.length > 0 && { ExpressionAttributeValues: Object.fromEntries(values) }),
    ...(used.has("#d") && { ExpressionAttributeNames: { "#d": "d" } }),
    ReturnValues: "ALL_NEW",
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  };
}

type Client = Pick<DynamoDBClient, "send">;

/** The item afterwards, or the error's name with the item that it has. */
async function outcomeOf(client: Client, input: UpdateItemCommandInput) {
  try {
    return (await client.send(new UpdateItemCommand(input))).Attributes;
  } catch (error) {
    const { name, Item } = error as Error & { Item?: unknown };
    return { error: name, Item };
  }
}

const attribute = fc.constantFrom("a", "b", "c", "#d");
/** Of every item, or of none. */
const list = fc.constantFrom("g", "h", "i");
const value = fc.constantFrom(...Object.keys(VALUES));
const equatedValue = fc.constantFrom(...Object.keys(VALUES).filter((name) => name !== ":l1"));
const orderedValue = fc.constantFrom(":n0", ":n1", ":s0", ":s1");
/** Those of every item. */
const presentAttribute = fc.constantFrom("e", "f");
const operand = fc.oneof({ weight: 3, arbitrary: value }, attribute);
const textual = (...parts: (string | fc.Arbitrary<string>)[]) =>
  fc
    .tuple(...parts.map((part) => (typeof part === "string" ? fc.constant(part) : part)))
    .map((texts) => texts.join(" "));

const comparator = fc.constantFrom("=", "<>", "<", "<=", ">", ">=");
const equality = fc.constantFrom("=", "<>");
const test = fc.oneof(
  { weight: 5, arbitrary: textual(attribute, comparator, orderedValue) },
  textual(attribute, equality, equatedValue),
  textual(attribute, comparator, presentAttribute),
  textual("size (", list, ")", comparator, orderedValue),
  textual(attribute, "IN (", orderedValue, ",", orderedValue, ")"),
  textual(attribute, "BETWEEN", orderedValue, "AND", orderedValue),
  textual("attribute_exists (", attribute, ")"),
  textual("attribute_not_exists (", attribute, ")"),
  textual("begins_with (", attribute, ",", value, ")"),
);
/** Without parentheses where the precedence would be clear. */
const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4 },
    test,
    textual(tie("condition"), "AND", tie("condition")),
    textual(tie("condition"), "OR", tie("condition")),
    textual("NOT", tie("condition")),
    textual("(", tie("condition"), ")"),
  ),
}));

const orNothing = fc.oneof(attribute, list);
const term = fc.oneof(operand, textual("if_not_exists (", orNothing, ",", operand, ")"));
const assignment = textual(
  attribute,
  "=",
  fc.oneof(
    term,
    textual(term, fc.constantFrom("+", "-"), term),
    textual("list_append (", fc.oneof(list, term), ",", fc.oneof(list, term), ")"),
  ),
);
const some = (of: fc.Arbitrary<string>) =>
  fc.array(of, { minLength: 1, maxLength: 2 }).map((texts) => texts.join(", "));
const set = some(assignment).map((assignments) => `SET ${assignments}`);
const remove = some(attribute).map((names) => `REMOVE ${names}`);
const update = fc.oneof(set, remove, textual(set, remove));

const storedValue = fc.constantFrom(...Object.values(VALUES));
const scalar = fc.constantFrom<AttributeValue>({ N: "9" }, { N: "10" }, { S: "b" }, { S: "ba" });
const storedList = fc.constantFrom<AttributeValue>({ L: [] }, { L: [{ S: "b" }, { N: "9" }] });
const stored = fc.record(
  {
    a: storedValue,
    b: storedValue,
    c: storedValue,
    d: storedValue,
    e: scalar,
    f: scalar,
    g: storedList,
    h: storedList,
  },
  { requiredKeys: ["e", "f", "g"] },
);

describe("expressions", () => {
  let tables: Tables;
  let memory: Client;
  let dynamodb: Client;

  beforeAll(async () => {
    const [, inMemory] = TABLES[0] ?? [];
    tables = await onTheLaptop();
    dynamodb = await tables.make(TableName);
    memory = (await (await inMemory?.())?.make(TableName)) as Client;
  });
  afterAll(() => tables.stop());

  async function bothGive(item: Record<string, AttributeValue>, input: UpdateItemCommandInput) {
    const put = new PutItemCommand({ TableName, Item: { ...item, ...Key } });
    await Promise.all([memory.send(put), dynamodb.send(put)]);
    const [inMemory, inDynamodb] = await Promise.all([
      outcomeOf(memory, input),
      outcomeOf(dynamodb, input),
    ]);
    expect(inMemory).toEqual(inDynamodb);
    return inMemory;
  }

  it.each([
    ["a condition that is no more than its start", "a ="],
    ["a sign that is none", "a == :n1"],
    ["an order without a comparison", "a"],
    ["two conditions without AND", "a = :n1 b = :n1"],
    ["a function that is none", "exists(a)"],
    ["an attribute compared with itself", "a = a"],
    ["a number as text", "a = 1"],
    ["parentheses that are not closed", "(a = :n1"],
    ["parentheses that are closed twice", "a = :n1)"],
    ["parentheses twice", "((a = :n1))"],
    ["NOT twice", "NOT NOT a = :n1"],
    ["a range that ends before it begins", "a BETWEEN :n1 AND :n0"],
    ["a range from a number to a text", "a BETWEEN :n1 AND :s1"],
    ["a start that is a number", "begins_with(a, :n1)"],
    ["a value that is asked whether it exists", "attribute_exists(:n1)"],
    ["a size without a comparison", "size(a)"],
    ["a start that is a list", "begins_with(a, :l1)"],
    ["an alias that is not given", "#e = :n1"],
    ["a value that is not given", "a = :x"],
  ])("are refused, as by DynamoDB: %s", async (_what, text) => {
    const refusal = { error: "ValidationException", Item: undefined };
    expect(await bothGive({}, call(text))).toEqual(refusal);
  });

  it.each([
    ["the size of a value", "size(:l1) = :n1"],
    ["an order of booleans", "a < :t"],
    ["an order of lists", "a >= :l1"],
    ["a range of lists", "a BETWEEN :l0 AND :l1"],
  ])("are refused, as by DynamoDB and not by dynalite: %s", async (_what, text) => {
    expect(await outcomeOf(memory, call(text))).toHaveProperty("error", "ValidationException");
  });

  it("hold, as in DynamoDB and not in dynalite: lists with the same elements are equal", async () => {
    const item = { ...Key, c: { L: [{ S: "b" }, { N: "9" }] } };
    await memory.send(new PutItemCommand({ TableName, Item: item }));
    expect(await outcomeOf(memory, call("c = :l1"))).toEqual(item);
  });

  it.each([
    ["an operation that is none", "PUT a = :n1"],
    ["SET twice", "SET a = :n1 SET b = :n1"],
    ["an attribute twice", "SET a = :n1, a = :n0"],
    ["an attribute set and removed", "SET a = :n1 REMOVE a"],
    ["an attribute set by its name and by an alias", "SET d = :n1, #d = :n0"],
    ["a comma at the end", "SET a = :n1,"],
    ["three summands", "SET a = :n1 + :n1 + :n1"],
    ["a sum with a text", "SET a = :n1 + :s1"],
    ["a sum with a stored text", "SET a = d + :n1"],
    ["a sum with what is not there", "SET a = b + :n1"],
    ["what is not there", "SET a = b"],
    ["a list and a number", "SET a = list_append(:l1, :n1)"],
    ["a list and a stored text", "SET a = list_append(:l1, d)"],
    ["a list and what is not there", "SET a = list_append(b, :l1)"],
    ["one list", "SET a = list_append(:l1)"],
    ["a sum with a list", "SET a = :l1 + :n1"],
    ["a size", "SET a = size(:l1)"],
    ["a list that is added to", "SET a = list_append(:l1, :l1) + :n1"],
    ["the key", "SET orderId = :s1"],
    ["the key, removed", "REMOVE orderId"],
    ["a number as partition of the index", "SET shelf = :n1"],
    ["a text to sort the index by", "SET checkAt = :s1"],
    ["a number that is copied there", "SET shelf = e"],
  ])("are updates that are refused, as by DynamoDB: %s", async (_what, text) => {
    const item = { d: { S: "text" }, e: { N: "1" } };
    const refusal = { error: "ValidationException", Item: undefined };
    expect(await bothGive(item, call(undefined, text))).toEqual(refusal);
  });

  it("are conditions that hold where they hold in DynamoDB", async () => {
    await fc.assert(
      fc.asyncProperty(stored, fc.oneof(test, condition), async (item, text) => {
        await bothGive(item, call(text));
      }),
      { numRuns: 300 },
    );
  });

  it("are updates that do what they do in DynamoDB", async () => {
    await fc.assert(
      fc.asyncProperty(stored, update, async (item, text) => {
        await bothGive(item, call(undefined, text));
      }),
      { numRuns: 200 },
    );
  });
});
