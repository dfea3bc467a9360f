import { commitOf } from "../../bench/checkout";

describe("a commit to compare with", () => {
  it("is one of this project", () => {
    expect(commitOf("HEAD")).toMatch(/^[0-9a-f]{40}$/);
  });

  it("is refused by its name otherwise", () => {
    expect(() => commitOf("v0.0.0-none")).toThrow("v0.0.0-none is no commit of this project");
  });
});
