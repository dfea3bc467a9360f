import { parseArgs } from "node:util";
import { parseAge } from "../ages";
import { STACK_HELP, STACK_OPTIONS, stackNamesOf } from "../target/options";
import type { FailureTimes, RedriveCommand } from "./redrive";
import type { TargetNames } from "./target";

export const HELP = `Lists FAILED orders, and gives them a new life: RECEIVED again, with all their attempts.

  npm run redrive                    lists FAILED orders, oldest first, with age, redrives and reason
  npm run redrive -- --open          lists open orders, which have not ended or are not notified yet
  npm run redrive -- --history <orderId> …  shows what became of these, oldest first
  npm run redrive -- <orderId> …     redrives these
  npm run redrive -- --all           redrives all that are FAILED and notified, after you typed their count;
                                     not those whose undo has failed

  --newer-than <age>   only those that failed within this time: 45s, 90min, 2h, 3d. The longer ago,
  --older-than <age>   only those that failed before it         the likelier was it ordered anew
  --yes                does not ask for the count, for scripts
  --dry-run            says what would be redriven, and changes nothing
${STACK_HELP}
  --table <name> --queue-url <url> --region <region>
                       whose table and queue, without outputs of a stack
  --help               this text

Ctrl-C stops after the ten orders at hand. Running it again is safe: what was redriven is not FAILED.
It exits with 1 when an order that was asked for was not redriven.`;

export interface Arguments {
  help: boolean;
  command: RedriveCommand;
  target: TargetNames;
}

/** Throws a sentence about flags that are unknown, or that do not go together. */
export function parseArguments(args: string[]): Arguments {
  const { values, positionals } = parse(args);
  return { help: values.help, command: commandOf(values, positionals), target: targetOf(values) };
}

type Values = ReturnType<typeof parse>["values"];

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      open: { type: "boolean", default: false },
      history: { type: "boolean", default: false },
      all: { type: "boolean", default: false },
      "newer-than": { type: "string" },
      "older-than": { type: "string" },
      yes: { type: "boolean", default: false },
      "dry-run": { type: "boolean", default: false },
      ...STACK_OPTIONS,
      table: { type: "string" },
      "queue-url": { type: "string" },
      region: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
}

function commandOf(values: Values, orderIds: string[]): RedriveCommand {
  const { open, history, all, yes, "dry-run": dryRun } = values;
  const failedBetween = failureTimesOf(values);
  const isNamed = orderIds.length > 0;
  const isLimited = Object.keys(failedBetween).length > 0;
  if (open && (all || isNamed)) refuse("--open only lists: leave --all and order ids out");
  if (history && (open || all || dryRun || !isNamed)) {
    refuse("--history takes order ids, and nothing else");
  }
  if (all && isNamed) refuse("either --all or order ids, not both");
  if (isLimited && (open || isNamed)) {
    refuse("--newer-than and --older-than limit --all and the list of FAILED orders only");
  }
  if (yes && !all) refuse("--yes answers the question of --all, and nothing else asks one");
  if (dryRun && !all && !isNamed)
    refuse("--dry-run goes with order ids or --all: a list changes nothing");
  if (all) return { kind: "all", failedBetween, dryRun, yes };
  if (history) return { kind: "history", orderIds };
  if (isNamed) return { kind: "named", orderIds, dryRun };
  return open ? { kind: "open" } : { kind: "failed", failedBetween };
}

function failureTimesOf(values: Values): FailureTimes {
  const newerThan = ageOf(values, "newer-than");
  const olderThan = ageOf(values, "older-than");
  if (newerThan !== undefined && olderThan !== undefined && olderThan >= newerThan) {
    const [newer, older] = [values["newer-than"] ?? "", values["older-than"] ?? ""];
    refuse(`no order is both older than ${older} and newer than ${newer}: swap the two ages`);
  }
  return {
    ...(newerThan !== undefined && { newerThan }),
    ...(olderThan !== undefined && { olderThan }),
  };
}

function ageOf(values: Values, name: "newer-than" | "older-than"): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  return parseAge(text) ?? refuse(`--${name} takes an age such as 90min, 2h or 3d, not ${text}`);
}

function targetOf({ table, "queue-url": queueUrl, region, ...names }: Values): TargetNames {
  const named = [table, queueUrl, region].filter((each) => each !== undefined).length;
  if (named === 0) return stackNamesOf(names);
  if ([names.stack, names.endpoint, names.outputs].some((each) => each !== undefined)) {
    refuse("either a stack or --table, --queue-url and --region");
  }
  if (table === undefined || queueUrl === undefined || region === undefined) {
    return refuse("--table, --queue-url and --region go together");
  }
  return { kind: "names", tableName: table, queueUrl, region };
}

function refuse(sentence: string): never {
  throw new Error(sentence);
}
