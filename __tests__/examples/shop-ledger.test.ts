import { type Asked, makeShopLedger, type Resource } from "../../examples/shop-server/ledger";

const STOCK = 10;
const asked: Asked = { orderId: "order-1", customerId: "alice", units: 3, amount: 12.3 };

function aLedger() {
  const ledger = makeShopLedger(STOCK);
  return { ...ledger, lines: () => ledger.entries().map(({ what, key }) => `${what} ${key}`) };
}

describe("the shop's ledger", () => {
  it.each<[Resource, string, string]>([
    ["reservations", "reserved", "released"],
    ["charges", "charged", "refunded"],
    ["shipments", "shipped", "recalled"],
  ])("does what is asked of %s once for a key, and undoes it once", (resource, done, undone) => {
    const ledger = aLedger();
    const first = ledger.post(resource, "a", asked);
    expect(first).toEqual({ status: 201, id: expect.any(String) });
    expect(ledger.post(resource, "a", asked)).toEqual(first);
    expect(ledger.cancel(resource, "a")).toEqual({ status: 204 });
    expect(ledger.cancel(resource, "a")).toEqual({ status: 204 });
    expect(ledger.lines()).toEqual([`${done} a`, "repeated a", `${undone} a`]);
    expect(ledger.entries()[2]).toMatchObject(asked);
  });

  it("does it again for another key", () => {
    const ledger = aLedger();
    ledger.post("charges", "a", asked);
    ledger.post("charges", "b", asked);
    expect(ledger.lines()).toEqual(["charged a", "charged b"]);
  });

  it("keeps the keys of charges and of shipments apart", () => {
    const ledger = aLedger();
    ledger.post("charges", "a", asked);
    ledger.cancel("shipments", "a");
    expect(ledger.lines()).toEqual(["charged a", "cancelled a"]);
  });

  it("refuses what comes after its key was cancelled", () => {
    const ledger = aLedger();
    ledger.cancel("charges", "a");
    expect(ledger.post("charges", "a", asked)).toEqual({ status: 410 });
    ledger.post("reservations", "b", asked);
    ledger.cancel("reservations", "b");
    expect(ledger.post("reservations", "b", asked)).toEqual({ status: 410 });
    expect(ledger.lines()).toEqual([
      "cancelled a",
      "too late a",
      "reserved b",
      "released b",
      "too late b",
    ]);
    expect(ledger.left()).toBe(STOCK);
  });

  it("refuses a key that was used for something else", () => {
    const ledger = aLedger();
    ledger.post("charges", "a", asked);
    expect(ledger.post("charges", "a", { ...asked, amount: 1 })).toEqual({ status: 422 });
    expect(ledger.lines()).toEqual(["charged a"]);
  });

  it("reserves no more than there is, until some is released", () => {
    const ledger = aLedger();
    ledger.post("reservations", "a", { ...asked, units: 8 });
    expect(ledger.left()).toBe(2);
    expect(ledger.post("reservations", "b", asked)).toEqual({ status: 409 });
    ledger.cancel("reservations", "a");
    expect(ledger.post("reservations", "c", asked)).toMatchObject({ status: 201 });
    expect(ledger.left()).toBe(7);
  });

  it("declines the cards of some customers, at every repetition", () => {
    const ledger = aLedger();
    const declined = { ...asked, customerId: "declined-1" };
    expect(ledger.post("charges", "a", declined)).toEqual({ status: 402 });
    expect(ledger.post("charges", "a", declined)).toEqual({ status: 402 });
    ledger.cancel("charges", "a");
    expect(ledger.lines()).toEqual(["declined a", "repeated a", "cancelled a"]);
    expect(ledger.post("reservations", "a", declined)).toMatchObject({ status: 201 });
  });
});
