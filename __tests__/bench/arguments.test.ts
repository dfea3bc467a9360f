import { parseArguments, USUAL_PARTS } from "../../bench/arguments";

describe("the bench's arguments", () => {
  it("are all parts but the long one by default", () => {
    expect(parseArguments([])).toMatchObject({ parts: USUAL_PARTS, against: undefined, rounds: 2 });
  });

  it("name parts and a commit", () => {
    const args = parseArguments(["growth", "laptop", "--against", "HEAD~1", "--orders", "500"]);
    expect(args).toMatchObject({ parts: ["growth", "laptop"], against: "HEAD~1", orders: 500 });
  });

  it("take a peer's apiUrl with a slash at its end or without", () => {
    expect(parseArguments(["--peer", "http://127.0.0.1:4566/dev"]).peer).toBe(
      "http://127.0.0.1:4566/dev/",
    );
  });

  it.each([
    [
      ["lambda"],
      "there is no part lambda of the bench: functions, laptop, simulation, cost, growth",
    ],
    [["--peer", "localstack"], "--peer takes a URL, not localstack"],
    [["--rounds", "0"], "--rounds takes at least 1"],
    [["--orders", "many"], "--orders takes a whole number, not many"],
    [["--faster"], "Unknown option '--faster'"],
  ])("are refused with a sentence: %p", (args, message) => {
    expect(() => parseArguments(args)).toThrow(message);
  });
});
