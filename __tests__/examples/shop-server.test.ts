import { makeBehaviour, SHOP_FAULTS } from "../../examples/shop-server/behaviour";
import { type Books, startShop } from "../../examples/shop-server/server";
import { eventually } from "../../harness/eventually";

const SEED = 3;
const STOCK = 10;
const order = { orderId: "order-1", customerId: "alice", amount: 4.1, items: [{ quantity: 3 }] };

type Shop = Awaited<ReturnType<typeof startShop>>;
let calm: Shop;
let faulty: Shop;

beforeAll(async () => {
  calm = await startShop({ port: 0, faultRate: 0, seed: SEED, stock: STOCK });
  faulty = await startShop({ port: 0, faultRate: 1, seed: SEED, stock: STOCK });
});
afterAll(() => Promise.all([calm.stop(), faulty.stop()]));

async function ask(shop: Shop, method: string, resource: string, key?: string, body?: unknown) {
  const headers = key === undefined ? undefined : { "Idempotency-Key": key };
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const request = { method, ...(headers && { headers }), ...(text && { body: text }) };
  const response = await fetch(`${shop.url}/${resource}`, request);
  return { status: response.status, text: await response.text() };
}

async function booksOf(shop: Shop): Promise<Books> {
  return (await (await fetch(`${shop.url}/ledger`)).json()) as Books;
}

const linesOf = async (shop: Shop, of: string) =>
  (await booksOf(shop)).entries.filter(({ key }) => key === of).map(({ what }) => what);

describe("the shop", () => {
  it("does, repeats, undoes and refuses as its ledger has it", async () => {
    const created = await ask(calm, "POST", "reservations", "a", order);
    expect(created.status).toBe(201);
    expect(JSON.parse(created.text)).toEqual({ title: "done", id: "reserved-1" });
    expect(await ask(calm, "POST", "reservations", "a", order)).toEqual(created);
    expect((await booksOf(calm)).left).toBe(STOCK - 3);
    expect(await ask(calm, "DELETE", "reservations", "a")).toEqual({ status: 204, text: "" });
    expect((await ask(calm, "POST", "reservations", "a", order)).status).toBe(410);
    const entry = { resource: "reservations", key: "a", orderId: "order-1", units: 3 };
    expect(await booksOf(calm)).toMatchObject({
      entries: ["reserved", "repeated", "released", "too late"].map((what) => ({ what, ...entry })),
      left: STOCK,
      underWay: 0,
    });
  });

  it("declines cards, and cannot ship to everybody", async () => {
    const declined = { ...order, customerId: "declined-1" };
    expect((await ask(calm, "POST", "charges", "b", declined)).status).toBe(402);
    const unreachable = { ...order, customerId: "unreachable-1" };
    expect((await ask(calm, "POST", "charges", "c", unreachable)).status).toBe(201);
    expect((await ask(calm, "POST", "shipments", "c", unreachable)).status).toBe(503);
    expect(await linesOf(calm, "c")).toEqual(["charged"]);
  });

  it.each([
    ["without a key", "POST", "charges", undefined, order],
    ["of no resource", "POST", "refunds", "d", order],
    ["by another method", "PUT", "charges", "d", order],
    ["without an order", "POST", "charges", "d", { amount: 1 }],
    ["that is no JSON", "POST", "charges", "d", "hello"],
  ])("refuses a request %s", async (_what, method, resource, key, body) => {
    expect((await ask(calm, method, resource, key, body)).status).toBe(400);
    expect(await linesOf(calm, "d")).toEqual([]);
  });

  it("rejects at its start when the port is taken", async () => {
    const port = Number(new URL(calm.url).port);
    const again = startShop({ port, faultRate: 0, seed: SEED, stock: STOCK });
    await expect(again).rejects.toThrow("EADDRINUSE");
  });
});

describe("a request that goes wrong", () => {
  const behaviourOf = makeBehaviour(1, SEED);

  /** A key whose first charge goes wrong in this way. */
  function keyFor(fault: (typeof SHOP_FAULTS)[number]): string {
    const request = { method: "POST", resource: "charges", n: 1 };
    const keys = Array.from({ length: 100 }, (_, i) => `key-${i}`);
    const key = keys.find((each) => behaviourOf({ ...request, key: each }).fault === fault);
    if (key === undefined) throw new Error(`no key is ${fault}`);
    return key;
  }

  it("fails before its effect", async () => {
    const key = keyFor("fails");
    expect((await ask(faulty, "POST", "charges", key, order)).status).toBe(503);
    expect(await linesOf(faulty, key)).toEqual([]);
  });

  it("fails after its effect", async () => {
    const key = keyFor("fails after");
    expect((await ask(faulty, "POST", "charges", key, order)).status).toBe(500);
    expect(await linesOf(faulty, key)).toEqual(["charged"]);
  });

  it("loses its connection after its effect", async () => {
    const key = keyFor("dropped");
    await expect(ask(faulty, "POST", "charges", key, order)).rejects.toThrow("fetch failed");
    expect(await linesOf(faulty, key)).toEqual(["charged"]);
  });

  it("has its effect after its client has given up", async () => {
    const key = keyFor("late");
    const request = fetch(`${faulty.url}/charges`, {
      method: "POST",
      headers: { "Idempotency-Key": key },
      body: JSON.stringify(order),
      signal: AbortSignal.timeout(200),
    });
    await expect(request).rejects.toThrow("aborted due to timeout");
    expect(await linesOf(faulty, key)).toEqual([]);
    expect((await booksOf(faulty)).underWay).toBe(1);
    await eventually("the charge", async () => (await linesOf(faulty, key)).length > 0);
    expect(await linesOf(faulty, key)).toEqual(["charged"]);
  });

  it("goes right at its fourth try at the latest, and the same at each run", () => {
    const again = makeBehaviour(1, SEED);
    const other = makeBehaviour(1, SEED + 1);
    const requests = [1, 2, 3, 4].flatMap((n) =>
      Array.from({ length: 50 }, (_, i) => ({
        method: "POST",
        resource: "charges",
        key: `${i}`,
        n,
      })),
    );
    const behaviours = requests.map(behaviourOf);
    expect(requests.map(again)).toEqual(behaviours);
    expect(requests.map(other)).not.toEqual(behaviours);
    const faults = behaviours.map(({ fault }) => fault);
    expect(new Set(faults.slice(0, 150))).toEqual(new Set(SHOP_FAULTS));
    expect(faults.slice(150).filter(Boolean)).toEqual([]);
  });

  it("is as frequent as it is asked to be", () => {
    const quarter = makeBehaviour(0.25, SEED);
    const request = { method: "POST", resource: "charges", n: 1 };
    const behaviours = Array.from({ length: 2000 }, (_, i) =>
      quarter({ ...request, key: String(i) }),
    );
    const share = behaviours.filter(({ fault }) => fault).length / behaviours.length;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.3);
  });
});
