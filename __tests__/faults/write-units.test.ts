import { sizeOf, writeUnits } from "../../faults/write-units";

const open = {
  orderId: { S: "o" },
  shelf: { S: "open-0" },
  checkAt: { N: "1000" },
  createdAt: { S: "then" },
};
const closed = { orderId: { S: "o" }, createdAt: { S: "then" } };

describe("write units", () => {
  it("are those of the larger item of the two, in whole kilobytes", () => {
    const large = { ...closed, items: { S: "x".repeat(2000) } };
    expect(writeUnits(undefined, closed)).toEqual({ item: 1, index: 0 });
    expect(writeUnits(large, closed).item).toBe(2);
    expect(writeUnits(closed, large).item).toBe(2);
  });

  it("are one of the index for an entry that comes, goes or changes", () => {
    const overdue = { ...open, overdueSince: { N: "1" } };
    expect(writeUnits(undefined, open).index).toBe(1);
    expect(writeUnits(open, closed).index).toBe(1);
    expect(writeUnits(open, overdue).index).toBe(1);
  });

  it("are two of the index where an entry's key changes, and none where it has not changed", () => {
    expect(writeUnits(open, { ...open, checkAt: { N: "1001" } }).index).toBe(2);
    expect(writeUnits(open, { ...open, shelf: { S: "failed-0" } }).index).toBe(2);
    expect(writeUnits(open, { ...open, status: { S: "PROCESSING" } }).index).toBe(0);
    expect(writeUnits(closed, closed).index).toBe(0);
  });
});

describe("the size of an item", () => {
  it("is that of names and values, in UTF-8", () => {
    expect(sizeOf({ a: { S: "é" }, bc: { N: "1234" } })).toBe(1 + 2 + 2 + 3);
  });

  it("is that of a list's elements, and some bytes for the list itself", () => {
    expect(sizeOf({ a: { L: [{ S: "bc" }, { N: "12" }] }, d: { BOOL: true } })).toBe(
      1 + 3 + (1 + 2) + (1 + 2) + (1 + 1),
    );
  });

  it("is unknown where there is more than an order has", () => {
    expect(() => sizeOf({ a: { NULL: true } })).toThrow("a type that no order has");
  });
});
