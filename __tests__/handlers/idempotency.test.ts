import { fingerprintOf, orderIdFor, parseIdempotencyKey } from "../../handlers/idempotency";
import { ORDER_ID as PATTERN } from "../../handlers/order";
import { aRequest } from "../support/orders";

describe("parseIdempotencyKey", () => {
  it.each(["0123456789abcdef", "~".repeat(128)])("takes %s", (key) => {
    expect(parseIdempotencyKey([key])).toEqual({ ok: true, value: key });
    expect(parseIdempotencyKey([key, key])).toEqual({ ok: true, value: key });
  });

  it("gives nothing when there is none", () => {
    expect(parseIdempotencyKey([])).toEqual({ ok: true, value: undefined });
  });

  it.each([
    [[""]],
    [["0123456789abcde"]],
    [["x".repeat(129)]],
    [["0123456789 abcdef"]],
    [["0123456789abcdéf"]],
    [["0123456789abcdef", "0123456789abcdeg"]],
  ])("refuses %j", (keys) => {
    expect(parseIdempotencyKey(keys).ok).toBe(false);
  });
});

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
  it("ignores the order of names, and nothing else", () => {
    const metadata = { a: [1, { x: 1, y: 2 }], b: null };
    const fingerprint = fingerprintOf({ ...aRequest, metadata });
    const turned = { metadata: { b: null, a: [1, { y: 2, x: 1 }] }, ...aRequest };
    expect(fingerprintOf(turned)).toBe(fingerprint);
    expect(fingerprintOf({ ...aRequest, metadata: { ...metadata, b: 0 } })).not.toBe(fingerprint);
    expect(fingerprintOf(aRequest)).not.toBe(fingerprint);
  });
});
