import { abandonOrder, fulfilOrder } from "../../examples/fulfil-with-payment";
import { type Books, startShop } from "../../examples/shop-server/server";
import type { OrderRequest } from "../../handlers/order";
import type { Work } from "../../handlers/work";
import { anOrder, ORDER_ID } from "../support/orders";

const STOCK = 10;
let shop: Awaited<ReturnType<typeof startShop>>;

beforeEach(async () => {
  shop = await startShop({ port: 0, faultRate: 0, seed: 1, stock: STOCK });
  process.env["SHOP_URL"] = shop.url;
});
afterEach(async () => {
  delete process.env["SHOP_URL"];
  await shop.stop();
});

/** What is kept survives a run; a wait is over at once. */
function aWork(kept = new Map<string, unknown>()): Work {
  return {
    idempotencyKey: (step) => `${ORDER_ID}/0/${step}`,
    async step<T>(name: string, run: (idempotencyKey: string) => T | Promise<T>): Promise<T> {
      if (!kept.has(name)) kept.set(name, await run(`${ORDER_ID}/0/${name}`));
      return kept.get(name) as T;
    },
    wait(name) {
      kept.set(name, undefined);
      return Promise.resolve();
    },
  };
}

/** A worker that is killed after this step's effect, before it is kept. */
function dyingAfter(step: string, kept: Map<string, unknown>): Work {
  const work = aWork(kept);
  return {
    ...work,
    async step<T>(name: string, run: (idempotencyKey: string) => T | Promise<T>): Promise<T> {
      if (name !== step) return work.step(name, run);
      await run(work.idempotencyKey(name));
      throw new Error("killed");
    },
  };
}

const orderOf = (request: Partial<OrderRequest> = {}) =>
  anOrder({
    customerId: "alice",
    items: [
      { sku: "tea", quantity: 3, unitPrice: 4.1 },
      { sku: "mug", unitPrice: 0.1 },
    ],
    ...request,
  });

async function books() {
  const { entries, left } = (await (await fetch(`${shop.url}/ledger`)).json()) as Books;
  return { lines: entries.map(({ what }) => what), entries, left };
}

describe("the example's step", () => {
  it("reserves, charges, waits and ships", async () => {
    const kept = new Map<string, unknown>();
    const totals = { units: 4, amount: 12.4 };
    expect(await fulfilOrder(orderOf(), aWork(kept))).toEqual({ totals });
    expect([...kept]).toEqual([
      ["reserve", { id: "reserved-1" }],
      ["charge", { id: "charged-2" }],
      ["pickup", undefined],
      ["ship", { id: "shipped-3" }],
    ]);
    const { entries, left } = await books();
    expect(left).toBe(STOCK - 4);
    expect(entries).toMatchObject([
      { what: "reserved", orderId: ORDER_ID, units: 4, key: `${ORDER_ID}/0/reserve` },
      { what: "charged", customerId: "alice", amount: 12.4, key: `${ORDER_ID}/0/charge` },
      { what: "shipped", customerId: "alice", key: `${ORDER_ID}/0/ship` },
    ]);
  });

  it("rejects an order whose card is declined, and ships nothing", async () => {
    const rejected = "The card was declined.";
    expect(await fulfilOrder(orderOf({ customerId: "declined-1" }), aWork())).toEqual({ rejected });
    expect((await books()).lines).toEqual(["reserved", "declined"]);
  });

  it("rejects an order that is out of stock, and charges nothing", async () => {
    const items = [{ sku: "tea", quantity: STOCK + 1 }];
    expect(await fulfilOrder(orderOf({ items }), aWork())).toEqual({ rejected: "Out of stock." });
    expect((await books()).lines).toEqual(["out of stock"]);
  });

  it("throws what passes", async () => {
    const unreachable = orderOf({ customerId: "unreachable-1" });
    const message = "POST /shipments was answered 503";
    await expect(fulfilOrder(unreachable, aWork())).rejects.toThrow(message);
  });

  it.each(["reserve", "charge", "ship"])(
    "has its effects once, though its worker dies after %s",
    async (step) => {
      const kept = new Map<string, unknown>();
      await expect(fulfilOrder(orderOf(), dyingAfter(step, kept))).rejects.toThrow("killed");
      await fulfilOrder(orderOf(), aWork(kept));
      const lines = (await books()).lines.filter((what) => what !== "repeated");
      expect(lines).toEqual(["reserved", "charged", "shipped"]);
    },
  );

  it("says so when it does not know the shop", async () => {
    delete process.env["SHOP_URL"];
    const message = "the environment variable SHOP_URL of process-order is not set";
    await expect(fulfilOrder(orderOf(), aWork())).rejects.toThrow(message);
  });
});

describe("the example's undo", () => {
  it("gives back all that was done, newest first", async () => {
    const kept = new Map<string, unknown>();
    await fulfilOrder(orderOf(), aWork(kept));
    await abandonOrder(orderOf(), [], aWork(kept));
    expect((await books()).lines.slice(3)).toEqual(["recalled", "refunded", "released"]);
    expect([...kept.keys()].slice(4)).toEqual(["undo:ship", "undo:charge", "undo:reserve"]);
    expect((await books()).left).toBe(STOCK);
  });

  it("gives back a charge that was never kept", async () => {
    const kept = new Map<string, unknown>();
    await expect(fulfilOrder(orderOf(), dyingAfter("charge", kept))).rejects.toThrow("killed");
    await abandonOrder(orderOf(), [], aWork(kept));
    expect((await books()).lines.slice(2)).toEqual(["cancelled", "refunded", "released"]);
  });

  it("has a charge refused that comes after it", async () => {
    await abandonOrder(orderOf(), [], aWork());
    const message = "POST /reservations was answered 410";
    await expect(fulfilOrder(orderOf(), aWork())).rejects.toThrow(message);
    expect((await books()).left).toBe(STOCK);
  });

  it("does nothing twice", async () => {
    const kept = new Map<string, unknown>();
    await fulfilOrder(orderOf(), aWork(kept));
    await expect(abandonOrder(orderOf(), [], dyingAfter("undo:charge", kept))).rejects.toThrow();
    await abandonOrder(orderOf(), [], aWork(kept));
    expect((await books()).lines.slice(3)).toEqual(["recalled", "refunded", "released"]);
  });
});
