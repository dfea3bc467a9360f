import { chunks, type IndexShape, readUnits, sizeOf, writeUnits } from "../../../bench/cost/units";

const SHELVES: IndexShape = {
  keys: ["orderId", "shelf", "checkAt"],
  projected: ["createdAt", "overdueSince"],
};
const open = {
  orderId: { S: "o" },
  shelf: { S: "open-0" },
  checkAt: { N: "1000" },
  createdAt: { S: "then" },
};
const closed = { orderId: { S: "o" }, createdAt: { S: "then" } };

const itemUnits = (...[before, after]: [object | undefined, object]) =>
  writeUnits(before as typeof open, after as typeof open, [SHELVES]).item;
const indexUnits = (...[before, after]: [object | undefined, object]) =>
  writeUnits(before as typeof open, after as typeof open, [SHELVES]).index;

describe("write units", () => {
  it("are those of the larger item of the two, in whole kilobytes", () => {
    const large = { ...closed, items: { S: "x".repeat(2000) } };
    expect(writeUnits(undefined, closed, [SHELVES])).toEqual({ item: 1, index: 0 });
    expect(itemUnits(large, closed)).toBe(2);
    expect(itemUnits(closed, large)).toBe(2);
  });

  it("are one of the index for an entry that comes, goes or changes", () => {
    expect(indexUnits(undefined, open)).toBe(1);
    expect(indexUnits(open, closed)).toBe(1);
    expect(indexUnits(open, { ...open, overdueSince: { N: "1" } })).toBe(1);
  });

  it("are two of the index where an entry's key changes, and none where it has not changed", () => {
    expect(indexUnits(open, { ...open, checkAt: { N: "1001" } })).toBe(2);
    expect(indexUnits(open, { ...open, shelf: { S: "failed-0" } })).toBe(2);
    expect(indexUnits(open, { ...open, status: { S: "PROCESSING" } })).toBe(0);
    expect(indexUnits(closed, closed)).toBe(0);
  });

  it("are those of each index, and of whole kilobytes of what an entry has", () => {
    const all: IndexShape = { keys: ["orderId"], projected: "all" };
    const large = { ...open, items: { S: "x".repeat(2000) } };
    expect(writeUnits(undefined, large, [SHELVES, all])).toEqual({ item: 2, index: 1 + 2 });
    expect(writeUnits(large, large, [SHELVES, all])).toEqual({ item: 2, index: 0 });
  });
});

describe("read units", () => {
  it("are one for each 4 KB of a consistent read, half of another, and never none", () => {
    expect(readUnits(4096, true)).toBe(1);
    expect(readUnits(4097, true)).toBe(2);
    expect(readUnits(4097, false)).toBe(1);
    expect(readUnits(0, false)).toBe(0.5);
  });
});

describe("the requests of a payload", () => {
  it("are one for each 64 KB", () => {
    expect([0, 65_536, 65_537].map(chunks)).toEqual([1, 1, 2]);
  });
});

describe("the size of an item", () => {
  it("is that of names and values, in UTF-8", () => {
    expect(sizeOf({ a: { S: "é" }, bc: { N: "1234" } })).toBe(1 + 2 + 2 + 3);
  });

  it("is that of what a list or a map has, and some bytes for each", () => {
    expect(sizeOf({ a: { L: [{ S: "bc" }, { N: "12" }] }, d: { BOOL: true } })).toBe(
      1 + 3 + (1 + 2) + (1 + 2) + (1 + 1),
    );
    expect(sizeOf({ a: { M: { b: { S: "c" } } } })).toBe(1 + 3 + 1 + (1 + 1));
  });

  it("is not guessed", () => {
    expect(() => sizeOf({ a: { SS: ["b"] } })).toThrow("a type whose size is not known");
  });
});
