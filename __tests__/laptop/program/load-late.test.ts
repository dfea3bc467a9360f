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

describe("the services of @pulumi/aws and @pulumi/awsx", () => {
  it("are loaded by their first use, and then are what a program would load itself", () => {
    const used = `(() => {
      const aws = require("@pulumi/aws");
      const before = loaded("aws/sqs/");
      const isSame = aws.sqs === require("@pulumi/aws/sqs");
      return [before, isSame, loaded("aws/sqs/"), loaded("aws/sns/")];
    })()`;
    expect(inEvaluator(used)).toEqual([false, true, true, false]);
  });

  it("have the names that they have elsewhere", () => {
    const names = `["@pulumi/aws", "@pulumi/awsx"].map((name) => Object.keys(require(name)))
      .concat([Object.keys(require("@pulumi/awsx").classic)])`;
    const elsewhere = execFileSync("node", ["-p", `JSON.stringify(${names})`], {
      cwd: PROJECT,
      encoding: "utf8",
    });
    expect(inEvaluator(names)).toEqual(JSON.parse(elsewhere));
  });
});
