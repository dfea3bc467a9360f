import { wholeNumber } from "../../command-line/whole-number";

describe("an option that takes a whole number", () => {
  it("gives its value", () => {
    expect(wholeNumber("--seed", "0")).toBe(0);
    expect(wholeNumber("--seed", "9007199254740991")).toBe(Number.MAX_SAFE_INTEGER);
    expect(wholeNumber("--port", "65535", 65_535)).toBe(65_535);
  });

  it.each(["", "abc", "-1", "1.5", "1e3", " 1", "9007199254740992"])(
    "rejects %j with a sentence",
    (text) => {
      expect(() => wholeNumber("--seed", text)).toThrow(
        new Error(`--seed takes a whole number, not ${text}`),
      );
    },
  );

  it("names the range that it has", () => {
    expect(() => wholeNumber("--port", "65536", 65_535)).toThrow(
      new Error("--port takes a number from 0 to 65535, not 65536"),
    );
  });
});
