import * as path from "node:path";
import { startEvaluator } from "../../../laptop/program/evaluate";
import { runProgram } from "../../support/run-program";

const directory = path.join(__dirname, "../../..");

/** Runs a fixture: its outputs, and the types of what it registered. */
async function run(fixture: string, config: Record<string, string> = {}) {
  const registered: string[] = [];
  const main = `__tests__/fixtures/programs/${fixture}`;
  const program = { directory, main, project: "fixture", stack: "dev", config };
  const outputs = await runProgram(program, ({ type, name }) => {
    registered.push(type);
    return Promise.resolve({ id: name, outputs: { arn: name } });
  });
  return { outputs, registered };
}

describe("the environment of a program", () => {
  it("is the caller's without what opens an AWS account or a Pulumi backend", async () => {
    const own = { ...process.env };
    const secrets = { AWS_ACCESS_KEY_ID: "AKIA", AWS_PROFILE: "prod", PULUMI_ACCESS_TOKEN: "pul" };
    Object.assign(process.env, secrets, { DOMAIN_OF_THE_PROGRAM: "example.org" });
    try {
      const { outputs } = await run("environment.ts");
      expect(outputs["environment"]).toMatchObject({
        PATH: process.env["PATH"],
        HOME: process.env["HOME"],
        DOMAIN_OF_THE_PROGRAM: "example.org",
        AWS_CONFIG_FILE: "/dev/null",
        AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
        AWS_EC2_METADATA_DISABLED: "true",
      });
      for (const name of Object.keys(secrets)) {
        expect(outputs["environment"]).not.toHaveProperty(name);
      }
    } finally {
      process.env = own;
    }
  });
});

describe("a callback that cannot be serialised", () => {
  it.each([
    ["client", "function 'Hash'"],
    ["native", "function 'bound parse'"],
    ["timer", "function 'toggleTimerRef'"],
  ])("stops the start with a sentence that names the %s", async (captured, culprit) => {
    const error: unknown = await run("captures.ts", { "fixture:captured": captured }).catch(
      (reason: unknown) => reason,
    );
    const { message } = error instanceof Error ? error : new Error("it started");
    const name = captured === "native" ? "parse" : captured;
    const [sentence, rule] = message.split("\n");
    expect(sentence).toMatch(
      /^The callback '\(\) => Promise\.resolve\(.*\)' cannot run in Lambda: /,
    );
    expect(sentence).toContain(`it captures '${name}', and it leads to native code (${culprit}).`);
    expect(rule).toContain("docs/handlers.md");
    expect(message).not.toContain("\n    at ");
  });

  it("is not reported where the capture has a counterpart in Lambda: process", async () => {
    const { registered } = await run("captures.ts", { "fixture:captured": "process" });
    expect(registered).toContain("aws:lambda/function:Function");
  });
});

describe("a callback that is serialised", () => {
  it("captures what a variable is at that time", async () => {
    const { outputs } = await run("serialised.ts");
    const [before, after] = outputs["texts"] as [string, string];
    expect(before).toContain('word: "first"');
    expect(after).toBe(before.replace('word: "first"', 'word: "second"'));
  });

  it("is so without npm's tree of packages and Pulumi's Automation API, and again without TypeScript", async () => {
    await run("serialised.ts");
    const { outputs } = await run("serialised.ts");
    expect(outputs["loaded"]).toEqual([]);
  });
});

describe("a program that is evaluated again, and now captures what it cannot", () => {
  it("is told where its callback stands", async () => {
    const main = "__tests__/fixtures/programs/captures.ts";
    const program = { directory, main, project: "fixture", stack: "dev" };
    const evaluator = startEvaluator(program);
    const evaluate = (captured: string) =>
      evaluator.run({ ...program, config: { "fixture:captured": captured } }, ({ name }) =>
        Promise.resolve({ id: name, outputs: { arn: name } }),
      );
    try {
      await evaluate("process");
      await expect(evaluate("client")).rejects.toThrow(/^The callback .*: captures.ts\(\d+,\d+\)/);
    } finally {
      evaluator.stop();
    }
  });
});

describe("a program that refuses its config", () => {
  it("stops the start with its own sentence", async () => {
    const running = run("captures.ts", { "fixture:captured": "nothing" });
    await expect(running).rejects.toThrow(/^nothing of that name is captured$/);
  });
});
