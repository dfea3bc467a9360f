import {
  type AttributeValue,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { makeTable, type TableWrite } from "../../simulation/table";

const TableName = "things";
const INDEX = { name: "shelves", partition: "shelf", sort: "at", projected: ["note"] };

/** A table whose time is `clock.now`, and what was written in it. */
function setUp(maxStaleMilliseconds = 1000) {
  const clock = { now: 0 };
  const writes: TableWrite[] = [];
  const table = makeTable({
    key: "id",
    index: INDEX,
    now: () => clock.now,
    maxStaleMilliseconds,
    onWrite: (write) => writes.push(write),
  });
  const put = (id: string, at?: number, others: Record<string, AttributeValue> = {}) => {
    const entry = at === undefined ? {} : { shelf: { S: "a" }, at: { N: String(at) } };
    const Item = { id: { S: id }, ...entry, ...others };
    return table.perform(new PutItemCommand({ TableName, Item }));
  };
  const update = (UpdateExpression: string, more: Partial<UpdateItemCommandInput> = {}) =>
    table.perform(
      new UpdateItemCommand({ TableName, Key: { id: { S: "x" } }, UpdateExpression, ...more }),
    );
  const query = (more: Partial<QueryCommandInput> = {}, asOf?: number) => {
    const command = new QueryCommand({
      TableName,
      IndexName: INDEX.name,
      KeyConditionExpression: "shelf = :shelf",
      ...more,
      ExpressionAttributeValues: { ":shelf": { S: "a" }, ...more.ExpressionAttributeValues },
    });
    return table.perform(command, { asOf }) as {
      Items: Record<string, AttributeValue>[];
      LastEvaluatedKey?: Record<string, AttributeValue>;
    };
  };
  const ids = (...asked: Parameters<typeof query>) => query(...asked).Items.map(({ id }) => id?.S);
  return { table, clock, writes, put, update, query, ids };
}

describe("a table in memory", () => {
  it("gives copies of its items", () => {
    const { table, put, query } = setUp();
    const note = { S: "before" };
    const notes = { L: [note] };
    put("x", 1, { note, notes });
    note.S = "after";
    notes.L.pop();
    expect(table.item("x")).toHaveProperty("note", { S: "before" });
    expect(table.item("x")).toHaveProperty("notes", { L: [{ S: "before" }] });
    expect(Object.isFrozen(table.item("x")?.["notes"]?.L)).toBe(true);
    expect(Object.isFrozen(table.item("x"))).toBe(true);
    expect(Object.isFrozen(table.item("x")?.["note"])).toBe(true);
    expect(Object.isFrozen(query().Items[0])).toBe(true);
  });

  it("reports each write that it has performed", () => {
    const { table, writes, put, update } = setUp();
    put("x");
    const before = table.item("x");
    update("SET note = :note", { ExpressionAttributeValues: { ":note": { S: "n" } } });
    expect(() =>
      update("REMOVE note", { ConditionExpression: "attribute_not_exists(id)" }),
    ).toThrow("The conditional request failed");
    expect(writes).toEqual([
      { key: "x", before: undefined, after: before },
      { key: "x", before, after: { id: { S: "x" }, note: { S: "n" } } },
    ]);
  });

  it("gives the item that refused a condition only where it is asked for", () => {
    const { put, update } = setUp();
    put("x");
    const refused = (ReturnValuesOnConditionCheckFailure?: "ALL_OLD" | "NONE") => {
      try {
        update("REMOVE note", {
          ConditionExpression: "attribute_not_exists(id)",
          ReturnValuesOnConditionCheckFailure,
        });
      } catch (error) {
        return (error as { Item?: unknown }).Item;
      }
      throw new Error("it was performed");
    };
    expect(refused("ALL_OLD")).toEqual({ id: { S: "x" } });
    expect(refused("NONE")).toBeUndefined();
    expect(refused()).toBeUndefined();
  });

  it("is restored to what it was, index included", () => {
    const { table, put, update, ids } = setUp();
    put("x", 1);
    put("y", 2);
    const snapshot = table.items();
    put("z", 3);
    update("REMOVE shelf");
    expect(ids()).toEqual(["y", "z"]);
    table.restore(snapshot);
    expect(table.items()).toEqual(snapshot);
    expect(ids()).toEqual(["x", "y"]);
  });

  describe("has an index that", () => {
    it("is ordered by number, then by key, and paged", () => {
      const { put, query, ids } = setUp();
      for (const [id, at] of Object.entries({ f: 10, c: 9, b: 9, d: 9, a: -1 })) put(id, at);
      expect(ids()).toEqual(["a", "b", "c", "d", "f"]);
      expect(ids({ ScanIndexForward: false })).toEqual(["f", "d", "c", "b", "a"]);
      const { Items, LastEvaluatedKey } = query({ Limit: 3 });
      expect(Items).toHaveLength(3);
      expect(LastEvaluatedKey).toEqual({ id: { S: "c" }, shelf: { S: "a" }, at: { N: "9" } });
      expect(ids({ ExclusiveStartKey: LastEvaluatedKey })).toEqual(["d", "f"]);
    });

    it.each([
      ["at < :from", ["1", "2"]],
      ["at <= :from", ["1", "2", "3"]],
      ["at = :from", ["3"]],
      ["at >= :from", ["3", "4", "5"]],
      ["at > :from", ["4", "5"]],
      ["at BETWEEN :from AND :to", ["3", "4"]],
    ])("finds what has %s", (condition, found) => {
      const { put, ids } = setUp();
      for (const id of ["5", "3", "1", "4", "2"]) put(id, Number(id));
      const to = condition.includes(":to") && { ":to": { N: "4" } };
      const KeyConditionExpression = `shelf = :shelf AND ${condition}`;
      const ExpressionAttributeValues = { ":from": { N: "3" }, ...to };
      expect(ids({ KeyConditionExpression, ExpressionAttributeValues })).toEqual(found);
    });

    it("has the keys and what is projected", () => {
      const { put, query } = setUp();
      const entry = { note: { S: "n" }, shelf: { S: "a" }, at: { N: "1" } };
      put("x", 1, { note: { S: "n" }, more: { S: "m" } });
      expect(query().Items).toEqual([{ id: { S: "x" }, ...entry }]);
    });

    it("lags behind where it is asked to", () => {
      const { clock, put, update, ids } = setUp();
      clock.now = 10;
      put("x", 1);
      clock.now = 20;
      put("y", 2);
      clock.now = 30;
      update("REMOVE shelf");
      clock.now = 40;
      put("y", 0);
      expect(ids()).toEqual(["y"]);
      expect([9, 10, 20, 29, 30, 40].map((asOf) => ids({}, asOf))).toEqual([
        [],
        ["x"],
        ["x", "y"],
        ["x", "y"],
        ["y"],
        ["y"],
      ]);
    });

    it("lags behind no longer than is kept", () => {
      const { clock, put, ids } = setUp(1000);
      put("x", 1);
      clock.now = 5000;
      put("y", 2);
      expect(ids({}, 4000)).toEqual(["x"]);
      expect(() => ids({}, 3999)).toThrow(RangeError);
    });
  });

  it("lets reads that are not strongly consistent lag behind", () => {
    const { table, clock, put } = setUp();
    put("x", undefined, { note: { S: "old" } });
    clock.now = 10;
    put("x", undefined, { note: { S: "new" } });
    const read = (ConsistentRead: boolean) => {
      const Key = { id: { S: "x" } };
      return table.perform(new GetItemCommand({ TableName, Key, ConsistentRead }), { asOf: 5 });
    };
    expect(read(true)).toHaveProperty("Item.note.S", "new");
    expect(read(false)).toHaveProperty("Item.note.S", "old");
  });

  it.each<[string, (of: ReturnType<typeof setUp>) => unknown]>([
    [
      "a value that no expression uses",
      ({ update }) => update("REMOVE note", { ExpressionAttributeValues: { ":x": { S: "x" } } }),
    ],
    [
      "a name that no expression uses",
      ({ update }) => update("REMOVE note", { ExpressionAttributeNames: { "#x": "x" } }),
    ],
    [
      "an input that it does not know",
      ({ update }) => update("REMOVE note", { ReturnConsumedCapacity: "TOTAL" }),
    ],
    [
      "another return value",
      ({ update }) => update("REMOVE note", { ReturnValues: "UPDATED_NEW" }),
    ],
    [
      "a call that it does not know",
      ({ table }) => void Reflect.apply(table.perform, undefined, [new ScanCommand({ TableName })]),
    ],
    ["a query of the table itself", ({ query }) => query({ IndexName: undefined })],
    ["a query of another index", ({ query }) => query({ IndexName: "others" })],
    ["a query of all partitions", ({ query }) => query({ KeyConditionExpression: "at > :shelf" })],
    [
      "a query of what is no key",
      ({ query }) =>
        query({
          KeyConditionExpression: "shelf = :shelf AND note = :note",
          ExpressionAttributeValues: { ":note": { S: "n" } },
        }),
    ],
    [
      "an item without its key",
      ({ table }) => table.perform(new PutItemCommand({ TableName, Item: { note: { S: "n" } } })),
    ],
    ["an empty key", ({ put }) => put("")],
    [
      "a key of more than the key",
      ({ update }) => update("REMOVE note", { Key: { id: { S: "x" }, note: { S: "n" } } }),
    ],
    ["a text to sort the index by", ({ put }) => put("x", undefined, { at: { S: "1" } })],
    ["a map", ({ put }) => put("x", undefined, { note: { M: {} } })],
    ["a map in a list", ({ put }) => put("x", undefined, { note: { L: [{ M: {} }] } })],
    ["a number that is none", ({ put }) => put("x", Number.NaN)],
    [
      "a number that a double does not keep",
      ({ put }) => put("x", undefined, { n: { N: "9007199254740993" } }),
    ],
    [
      "a number that is written in another way",
      ({ put }) => put("x", undefined, { n: { N: "1.0" } }),
    ],
  ])("refuses %s", (_what, refused) => {
    const world = setUp();
    expect(() => refused(world)).toThrow(
      expect.objectContaining({ name: "ValidationException" }) as Error,
    );
    expect(world.writes).toEqual([]);
  });
});
