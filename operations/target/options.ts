/** Which stack, as the command line has it. */
export type StackNames =
  | { kind: "stack"; stack: string }
  | { kind: "laptop"; endpoint: string }
  | { kind: "outputs"; file: string };

/** For parseArgs, beside a command's own. */
export const STACK_OPTIONS = {
  stack: { type: "string" },
  endpoint: { type: "string" },
  outputs: { type: "string" },
} as const;

export const STACK_HELP = `  --stack <name>       a deployed stack, by \`pulumi stack output\` (default dev)
  --endpoint <url>     the laptop stack instead of AWS: where its API is, such as http://127.0.0.1:3000
  --outputs <file>     what \`pulumi stack output --json\` has written, for a machine without Pulumi`;

/** Throws a sentence about options that do not go together. */
export function stackNamesOf(values: {
  stack?: string | undefined;
  endpoint?: string | undefined;
  outputs?: string | undefined;
}): StackNames {
  const { stack, endpoint, outputs: file } = values;
  if ([stack, endpoint, file].filter((each) => each !== undefined).length > 1) {
    throw new Error("one of --stack, --endpoint and --outputs says which stack");
  }
  if (file !== undefined) return { kind: "outputs", file };
  if (endpoint === undefined) return { kind: "stack", stack: stack ?? "dev" };
  if (!/^https?:\/\//.test(endpoint) || !URL.canParse(endpoint)) {
    throw new Error(`--endpoint takes a URL such as http://127.0.0.1:3000, not ${endpoint}`);
  }
  return { kind: "laptop", endpoint: new URL(endpoint).origin };
}

/** The same as options of another command, to be typed. */
export function stackArguments(names: StackNames): string {
  switch (names.kind) {
    case "stack":
      return `--stack ${names.stack}`;
    case "laptop":
      return `--endpoint ${names.endpoint}`;
    case "outputs":
      return `--outputs ${names.file}`;
  }
}
