import fc from "fast-check";
import { keepable } from "../../handlers/kept";

class Receipt {
  id = 7;
}
const circular: Record<string, unknown> = {};
circular["self"] = circular;

describe("a step's result", () => {
  it("is kept as it is where it is JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnstableValues: true } as never), (value) => {
        const text = JSON.stringify(value);
        expect(keepable(value)).toEqual({ ok: true, value: JSON.parse(text) as unknown });
      }),
    );
  });

  it("may be nothing, and have properties that are undefined", () => {
    expect(keepable(undefined)).toEqual({ ok: true, value: undefined });
    expect(keepable({ id: 7, note: undefined })).toEqual({ ok: true, value: { id: 7 } });
    expect(keepable(Object.assign(Object.create(null), { id: 7 }))).toMatchObject({ ok: true });
  });

  it("may have one object twice", () => {
    const address = { city: "Bern" };
    expect(keepable({ from: address, to: address })).toMatchObject({ ok: true });
  });

  it.each<[unknown, string]>([
    [new Date(0), "it is a Date"],
    [{ paid: { at: new Date(0) } }, "/paid/at is a Date"],
    [[1, new Map()], "/1 is a Map"],
    [new Receipt(), "it is a Receipt"],
    [{ n: NaN }, "/n is not finite"],
    [Infinity, "it is not finite"],
    [10n, "it is a bigint"],
    [() => 1, "it is a function"],
    [{ toJSON: () => 1 }, "/toJSON is a function"],
    [[undefined], "it contains undefined"],
    [circular, "/self contains itself"],
  ])("that JSON would change is refused: %p", (result, detail) => {
    expect(keepable(result)).toEqual({ ok: false, detail });
  });
});
