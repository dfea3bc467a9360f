import { exampleReport, exampleSummary } from "../../examples/proof/report";
import type { Entry } from "../../examples/shop-server/ledger";

const order = { items: [], isCancelled: false };
const entry = (what: Entry["what"], orderId: string): Entry => ({
  what,
  resource: "charges",
  key: orderId,
  orderId,
  customerId: "alice",
  units: 4,
  amount: 1,
});
const result = {
  orders: [
    { ...order, orderId: "1", status: "COMPLETED" },
    { ...order, orderId: "2", status: "COMPLETED" },
    { ...order, orderId: "3", status: "FAILED" },
  ],
  books: {
    entries: [
      ...["1", "2", "3"].flatMap((id) => [entry("reserved", id), entry("charged", id)]),
      ...["1", "2"].map((id) => entry("shipped", id)),
      entry("repeated", "1"),
      entry("refunded", "3"),
      entry("released", "3"),
      entry("too late", "3"),
    ],
    left: 92,
    underWay: 0,
  },
  violations: ["wrong"],
  killed: 5,
  cancellations: { inTime: 2, tooLate: 1 },
};

describe("the report of npm run example", () => {
  it("has what was done, by how the orders ended", () => {
    expect(exampleReport(result)).toBe(`\
| end | orders | charged | refunded | shipped | recalled | reserved | released |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| COMPLETED | 2 | 2 | 0 | 2 | 0 | 8 | 0 |
| FAILED | 1 | 1 | 1 | 0 | 0 | 4 | 4 |`);
  });

  it("sums up what went wrong, and the violations", () => {
    expect(exampleSummary(result)).toBe(
      "5 workers killed, 1 requests repeated after their effect, " +
        "1 refused as their key was cancelled, 2 cancellations in time and 1 too late, 1 violations",
    );
  });
});
