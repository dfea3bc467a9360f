import { read } from "./project";

describe("docs/decisions.md", () => {
  const decisions = read("docs/decisions.md")
    .split(/\n(?=#{2,3} )/)
    .filter((section) => section.startsWith("### "));

  it("numbers each decision once", () => {
    const numbers = decisions.map((text) => Number(/^### (\d+)\. /.exec(text)?.[1]));
    expect(numbers.toSorted((a, b) => a - b)).toEqual(decisions.map((_text, i) => i + 1));
  });

  it("says of each when it was decided and what was given up", () => {
    const incomplete = decisions.filter(
      (text) => !/\n_20\d\d-\d\d-\d\d_\n/.test(text) || !text.includes("\nGiven up: "),
    );
    expect(incomplete).toEqual([]);
  });
});
