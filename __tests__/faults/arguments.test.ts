import { HELP, parseArguments } from "../../faults/arguments";

describe("the arguments of npm run faults", () => {
  it.each([
    [[], { kind: "matrix" }],
    [["--load"], { kind: "load", seed: 1 }],
    [["--load", "--seed", "7"], { kind: "load", seed: 7 }],
    [["--help"], { kind: "help" }],
  ])("choose what to run: %j", (args, command) => {
    expect(parseArguments(args)).toEqual(command);
  });

  it.each([
    [["--load", "--seed", "abc"], "--seed takes a whole number, not abc"],
    [["--seed", "7"], "--seed goes with --load"],
  ])("are rejected with a sentence: %j", (args, sentence) => {
    expect(() => parseArguments(args)).toThrow(new Error(sentence));
  });

  it("are all explained", () => {
    for (const name of ["load", "seed"]) expect(HELP).toContain(`--${name} `);
  });
});
