import { fulfilOrder } from "../../handlers/fulfil-order";
import type { OrderItem } from "../../handlers/order";
import { anOrder } from "../support/orders";

async function totalsOf(...items: OrderItem[]) {
  return (await fulfilOrder(anOrder({ items }))).totals;
}

describe("fulfilOrder", () => {
  it("counts units, one for an item without a quantity", async () => {
    expect(await totalsOf({ quantity: 2 }, { sku: "a" })).toEqual({ units: 3 });
  });

  it("sums prices without floating-point dust", async () => {
    expect(0.1 * 3).not.toBe(0.3);
    expect(await totalsOf({ quantity: 3, unitPrice: 0.1 })).toEqual({ units: 3, amount: 0.3 });
    expect(await totalsOf({ unitPrice: 0.1 }, { unitPrice: 0.2 })).toEqual({
      units: 2,
      amount: 0.3,
    });
  });

  it("gives an amount only when every item has a price", async () => {
    expect(await totalsOf({ unitPrice: 5 }, {})).toEqual({ units: 2 });
    expect(await totalsOf({ unitPrice: 0 })).toEqual({ units: 1, amount: 0 });
  });

  it("keeps tiny and large prices finite", async () => {
    const most = Number.MAX_SAFE_INTEGER;
    expect(await totalsOf({ quantity: 1_000_000, unitPrice: most })).toEqual({
      units: 1_000_000,
      amount: most * 1_000_000,
    });
    expect(await totalsOf({ unitPrice: 5e-324 })).toEqual({ units: 1, amount: 5e-324 });
  });
});
