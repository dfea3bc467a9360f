import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { StackNames } from "./options";
import { type Stack, stackOf } from "./stack";

const INSTALL = "https://www.pulumi.com/docs/install/";
const HIDDEN = "[secret]";

export interface FindOptions {
  /** `apiKey` is needed. */
  showSecrets?: boolean;
  /** Of the Pulumi CLI. */
  env?: NodeJS.ProcessEnv;
}

/** Throws a sentence that says what is missing, and how to get it. */
export async function findStack(
  names: StackNames,
  { showSecrets = false, env = process.env }: FindOptions = {},
): Promise<Stack> {
  switch (names.kind) {
    case "stack":
      return stackOf(pulumiOutputs(names.stack, showSecrets, env), `the stack ${names.stack}`);
    case "laptop":
      return stackOf(
        await laptopOutputs(names.endpoint),
        `the laptop at ${names.endpoint}`,
        names.endpoint,
      );
    case "outputs": {
      const stack = stackOf(outputsIn(names.file), names.file);
      if (showSecrets && stack.outputs.apiKey === HIDDEN) {
        throw new Error(`${names.file} hides the API key: write it with --show-secrets`);
      }
      return stack;
    }
  }
}

function pulumiOutputs(stack: string, showSecrets: boolean, env: NodeJS.ProcessEnv): unknown {
  const secrets = showSecrets ? ["--show-secrets"] : [];
  const args = ["stack", "output", "--json", "--stack", stack, ...secrets];
  try {
    return JSON.parse(execFileSync("pulumi", args, { env, encoding: "utf8", stdio: "pipe" }));
  } catch (error) {
    throw new Error(whyNoOutputs(error as Failure, args), { cause: error });
  }
}

/** Of execFileSync: `code` where nothing was run, `stderr` of what was. */
type Failure = NodeJS.ErrnoException & { stderr?: string };

function whyNoOutputs(error: Failure, args: string[]): string {
  if (error.code === "ENOENT") {
    return (
      `pulumi is not installed here: get it from ${INSTALL}, or give --outputs <file>, ` +
      "what `pulumi stack output --json` has written elsewhere"
    );
  }
  return [
    `pulumi ${args.join(" ")} failed:`,
    (error.stderr ?? "").trim().replaceAll(/^/gm, "  "),
    "`pulumi login` logs in, `pulumi stack ls` lists the stacks, `pulumi up` deploys one.",
  ].join("\n");
}

const ANSWER_MILLISECONDS = 10_000;

async function laptopOutputs(endpoint: string): Promise<unknown> {
  try {
    const response = await fetch(`${endpoint}/_laptop/outputs`, {
      signal: AbortSignal.timeout(ANSWER_MILLISECONDS),
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return await response.json();
  } catch (error) {
    throw new Error(`no laptop stack answers at ${endpoint}: is npm start running there?`, {
      cause: error,
    });
  }
}

function outputsIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const why = (error as Error).message;
    throw new Error(
      `--outputs takes a file that \`pulumi stack output --json\` has written: ${why}`,
      { cause: error },
    );
  }
}
