import { type Infer, nullable, object, optional, string, type, validate } from "superstruct";

const functionsStruct = object({
  "create-order": string(),
  "get-order": string(),
  "cancel-order": string(),
  "process-order": string(),
  "reconcile-orders": string(),
  // Of a closed stack.
  "authorize-caller": optional(string()),
  "list-orders": optional(string()),
});

/** As infra/auth-config.ts has it, complete. */
const authStruct = type({
  issuer: string(),
  audience: string(),
  jwksUri: string(),
  customerClaim: string(),
  staffClaim: string(),
  staffValue: string(),
});

const outputsStruct = type({
  apiUrl: string(),
  apiKey: optional(string()),
  /** Of a closed stack. */
  auth: optional(nullable(authStruct)),
  tableName: string(),
  queueUrl: string(),
  deadLetterQueueUrl: string(),
  topicArn: string(),
  functionNames: functionsStruct,
  logGroupNames: functionsStruct,
  scheduleName: string(),
  alarmTopicArn: optional(nullable(string())),
});

/** What index.ts exports. `apiKey` is "[secret]" where Pulumi was not asked to show it. */
export type StackOutputs = Infer<typeof outputsStruct>;

export type FunctionName = keyof StackOutputs["functionNames"];

/** What there is for each function of a stack; a closed stack has more of them. */
export type PerFunction<T> = { [Name in FunctionName]?: T | undefined };

/** By the functions that the stack has. */
export function entriesOf<T>(each: PerFunction<T>): [FunctionName, T][] {
  const entries = Object.entries(each) as [FunctionName, T | undefined][];
  return entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}

export interface Stack {
  /** As in Pulumi.<name>.yaml. */
  name: string;
  /** `<project>-<stack>-`, with which the names of its alarms and API begin. */
  prefix: string;
  region: string;
  account: string;
  /** Of the laptop stack; undefined for AWS itself. */
  endpoint: string | undefined;
  outputs: StackOutputs;
}

/** Throws a sentence where an output is missing. `from` says whose outputs they are. */
export function stackOf(outputs: unknown, from: string, endpoint?: string): Stack {
  const [failure, parsed] = validate(outputs, outputsStruct);
  if (failure) {
    const missing = failure.path.map(String).join(".") || "outputs";
    throw new Error(`${from} has no ${missing}: deploy this checkout with \`pulumi up\``);
  }
  const [, , , region = "", account = ""] = parsed.topicArn.split(":");
  const logGroup = parsed.logGroupNames["create-order"];
  const [, project = "", name = ""] =
    /^\/aws\/lambda\/(order-processing)-(.+)-create-order-/.exec(logGroup) ?? [];
  if (name === "") throw new Error(`${from} has a log group of another program: ${logGroup}`);
  return { name, prefix: `${project}-${name}-`, region, account, endpoint, outputs: parsed };
}
