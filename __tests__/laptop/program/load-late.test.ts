import { execFileSync } from "node:child_process";
import * as path from "node:path";

const PROJECT = path.join(__dirname, "..", "..", "..");

/** What an expression gives where Pulumi was loaded as the laptop loads it. */
function inEvaluator(expression: string): unknown {
  const script = `
    require("./laptop/program/load-late");
    const pulumi = require("@pulumi/pulumi");
    const loaded = (name) => Object.keys(require.cache).some((file) => file.includes(name));
    process.stdout.write(JSON.stringify(${expression}));`;
  const register = path.join(PROJECT, "command-line", "register-typescript.cjs");
  const options = { cwd: PROJECT, encoding: "utf8" } as const;
  return JSON.parse(execFileSync("node", ["--require", register, "-e", script], options));
}

describe("what Pulumi loads at once, and programs hardly ever use", () => {
  it("is not loaded before it is used", () => {
    expect(inEvaluator(`["@npmcli/arborist", "pulumi/automation"].map(loaded)`)).toEqual([
      false,
      false,
    ]);
  });

  it("is there when it is used", () => {
    const used =
      "[typeof pulumi.automation.LocalWorkspace.createStack, loaded('pulumi/automation')]";
    expect(inEvaluator(used)).toEqual(["function", true]);
  });
});
