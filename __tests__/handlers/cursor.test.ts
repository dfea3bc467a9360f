import fc from "fast-check";
import { cursorAt, positionOf } from "../../handlers/cursor";
import { NOW, ORDER_ID } from "../support/orders";

const position = { createdAt: NOW.toISOString(), orderId: ORDER_ID };
const cursor = cursorAt(position, "alice");

describe("a cursor", () => {
  it("leads back to its position, for its customer", () => {
    expect(positionOf(cursor, "alice")).toEqual(position);
    expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
  });

  it("is none for another customer", () => {
    expect(positionOf(cursor, "bob")).toBeUndefined();
    expect(positionOf(cursor, "Alice")).toBeUndefined();
  });

  it("is none once any character of it is another, or missing", () => {
    for (let i = 0; i < cursor.length; i += 1) {
      const other = cursor.charAt(i) === "A" ? "B" : "A";
      const changed = cursor.slice(0, i) + other + cursor.slice(i + 1);
      expect(positionOf(changed, "alice")).toBeUndefined();
      expect(positionOf(cursor.slice(0, i), "alice")).toBeUndefined();
    }
    expect(positionOf(`${cursor}A`, "alice")).toBeUndefined();
  });

  it("is none for whatever else is sent, and nothing throws", () => {
    const json = fc.json().map((text) => Buffer.from(text).toString("base64url"));
    fc.assert(
      fc.property(fc.oneof(fc.string(), json), (text) => {
        expect(positionOf(text, "alice")).toBeUndefined();
      }),
    );
  });
});
