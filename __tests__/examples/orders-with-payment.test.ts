import { type ExampleResult, runExample } from "../../examples/proof/run";

const ORDERS = 20;

let result: ExampleResult;

beforeAll(async () => {
  const options = { orders: ORDERS, connections: 6, seed: 4 };
  result = await runExample(options, () => undefined);
}, 180_000);

describe("orders whose workers are killed, whose answers are lost and whose customers cancel", () => {
  it("are charged and shipped once where they are COMPLETED, and not at all elsewhere", () => {
    expect(result.violations).toEqual([]);
    expect(result.orders).toHaveLength(ORDERS);
  });

  it("end in all four ways", () => {
    const ends = new Set(result.orders.map(({ status }) => status));
    expect([...ends].sort()).toEqual(["CANCELLED", "COMPLETED", "FAILED", "REJECTED"]);
  });

  it("had all of that happen to them", () => {
    const found = new Set<string>(result.books.entries.map(({ what }) => what));
    const expected = ["charged", "refunded", "shipped", "reserved", "released", "repeated"];
    expect(expected.filter((what) => !found.has(what))).toEqual([]);
    expect(result.killed).toBeGreaterThan(0);
    expect(result.cancellations.inTime).toBeGreaterThan(0);
  });
});
