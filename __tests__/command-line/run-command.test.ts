import { spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { explainError } from "../../command-line/run-command";

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

describe("an error of a command", () => {
  it.each([
    ["an Error", new Error("there is no Pulumi.yaml"), "there is no Pulumi.yaml"],
    [
      "an unknown option",
      thrownBy(() => parseArgs({ args: ["--foo"] })),
      /^Unknown option '--foo'/,
    ],
    ["no Error at all", "stopped", "stopped"],
  ])("is a sentence for the user: %s", (_name, error, sentence) => {
    expect(explainError(error)).toMatch(sentence);
    expect(explainError(error)).not.toContain("\n    at ");
  });

  it.each([
    ["a TypeError", new TypeError("x is undefined")],
    ["a RangeError", new RangeError("no")],
    ["an AWS exception", new (class Throttled extends Error {})("Rate exceeded")],
  ])("that nobody expected is printed with its stack: %s", (_name, error) => {
    expect(explainError(error)).toContain(error.message);
    expect(explainError(error)).toContain("run-command.test.ts");
  });
});

describe("a command", () => {
  it("ends without a word when nobody reads its output any more", async () => {
    const script = `require("./run-command").runCommand(async () => {
      for (;;) {
        console.log("a line");
        await new Promise((resolve) => setImmediate(resolve));
      }
    })`;
    const child = spawn(
      process.execPath,
      ["--require", "./register-typescript.cjs", "--eval", script],
      { cwd: path.join(__dirname, "..", "..", "command-line"), stdio: ["ignore", "pipe", "pipe"] },
    );
    child.stdout.once("data", () => child.stdout.destroy());
    const [errors, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
    expect([code, errors]).toEqual([0, ""]);
  });
});
