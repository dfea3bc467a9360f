import {
  fingerprintOf,
  notificationOf,
  ORDER_ID as PATTERN,
  orderIdFor,
  sentenceOf,
  subjectOf,
} from "../../handlers/order";
import { anOrder, aRequest, completedOrder, NOW, ORDER_ID } from "../support/orders";

describe("orderIdFor", () => {
  it("is a UUID of version 8 that the customer and the key alone decide", () => {
    const id = orderIdFor("customer-1", "key");
    expect(id).toMatch(PATTERN);
    expect(id).toMatch(/^.{14}8.{4}[89ab]/);
    expect(orderIdFor("customer-1", "key")).toBe(id);
    expect(orderIdFor("customer-1k", "ey")).not.toBe(id);
  });
});

describe("fingerprintOf", () => {
  it("is blind to the order of names, and to nothing else", () => {
    const metadata = { a: [1, { x: 1, y: 2 }], b: null };
    const fingerprint = fingerprintOf({ ...aRequest, metadata });
    const turned = { metadata: { b: null, a: [1, { y: 2, x: 1 }] }, ...aRequest };
    expect(fingerprintOf(turned)).toBe(fingerprint);
    expect(fingerprintOf({ ...aRequest, metadata: { ...metadata, b: 0 } })).not.toBe(fingerprint);
    expect(fingerprintOf(aRequest)).not.toBe(fingerprint);
  });
});

describe("what people read", () => {
  const failed = anOrder({ status: "FAILED", failedAt: NOW.toISOString(), failureReason: "why" });

  it("is a sentence on how the order ended", () => {
    expect(sentenceOf(notificationOf(completedOrder()))).toBe(
      `Thank you! Your order ${ORDER_ID} is completed: 3 units, 0.3 in total.`,
    );
    const single = completedOrder({ totals: { units: 1 } });
    expect(sentenceOf(notificationOf(single))).toBe(
      `Thank you! Your order ${ORDER_ID} is completed: 1 unit.`,
    );
    expect(sentenceOf(notificationOf(failed))).toMatch(/order .* could not be processed/);
  });

  it.each([completedOrder(), failed])("has a subject that SNS takes", (order) => {
    expect(subjectOf(notificationOf(order))).toMatch(/^[\x20-\x7e]{1,99}$/);
  });
});
