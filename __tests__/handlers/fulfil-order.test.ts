import { abandonOrder, fulfilOrder } from "../../handlers/fulfil-order";
import type { OrderLine } from "../../handlers/order";
import type { Work } from "../../handlers/work";
import { anOrder } from "../support/orders";

const never = () => {
  throw new Error("it takes nothing that would be a step");
};
const work: Work = { idempotencyKey: never, step: never, wait: never };

function fulfil(...items: OrderLine[]) {
  return fulfilOrder(anOrder({ items }), work);
}

describe("fulfilOrder", () => {
  it("counts units, one for an item without a quantity", async () => {
    expect(await fulfil({ quantity: 2 }, { sku: "a" })).toEqual({ totals: { units: 3 } });
  });

  it("sums prices in decimal arithmetic", async () => {
    expect(0.1 * 3).not.toBe(0.3);
    expect(await fulfil({ quantity: 3, unitPrice: 0.1 })).toEqual({
      totals: { units: 3, amount: 0.3 },
    });
    expect(await fulfil({ unitPrice: 0.1 }, { unitPrice: 0.2 })).toEqual({
      totals: { units: 2, amount: 0.3 },
    });
  });

  it("gives an amount only when every item has a price", async () => {
    expect(await fulfil({ unitPrice: 5 }, {})).toEqual({ totals: { units: 2 } });
    expect(await fulfil({ unitPrice: 0 })).toEqual({ totals: { units: 1, amount: 0 } });
  });

  it("keeps tiny and large prices finite", async () => {
    const most = Number.MAX_SAFE_INTEGER;
    expect(await fulfil({ quantity: 1_000_000, unitPrice: most })).toEqual({
      totals: { units: 1_000_000, amount: most * 1_000_000 },
    });
    expect(await fulfil({ unitPrice: 5e-324 })).toEqual({ totals: { units: 1, amount: 5e-324 } });
  });

  it("gives the same again when it runs again", async () => {
    const order = anOrder();
    const before = structuredClone(order);
    expect(await fulfilOrder(order, work)).toEqual(await fulfilOrder(order, work));
    expect(order).toEqual(before);
  });
});

describe("abandonOrder", () => {
  it("has nothing to undo: the step takes nothing", async () => {
    await expect(abandonOrder(anOrder(), [], work)).resolves.toBeUndefined();
  });
});
