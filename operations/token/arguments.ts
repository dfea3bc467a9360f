import { parseArgs } from "node:util";
import { parseAge } from "../ages";
import { STACK_OPTIONS, type StackNames, stackNamesOf } from "../target/options";
import { ALGORITHMS, type TokenRequest } from "./token";

const DEFAULT_ENDPOINT = "http://127.0.0.1:3000";

export const HELP = `Prints a token that a closed laptop stack takes, and nothing else.

  npm run -s token -- --customer alice
  npm run -s token -- --staff

  --customer <id>      whose token it is
  --staff              of somebody who may act for every customer; with --customer, one who is a customer, too
  --expires <age>      how long from now: 30s, 5m, 2h, 1d (default 1h). Expired, it is still taken for a
                       minute, as clocks may differ
  --alg <algorithm>    ${ALGORITHMS.join(" or ")} (default ${ALGORITHMS[0]})
  --endpoint <url>     where the laptop stack's API is (default ${DEFAULT_ENDPOINT})
  --help               this text

A deployed stack takes tokens of its own issuer, which this command cannot make.`;

export interface Arguments {
  request: TokenRequest;
  endpoint: string;
}

/** Undefined for --help. Throws a sentence about options that are unknown, or that do not go together. */
export function parseArguments(args: string[]): Arguments | undefined {
  const { values } = parseArgs({
    args,
    options: {
      customer: { type: "string" },
      staff: { type: "boolean", default: false },
      expires: { type: "string", default: "1h" },
      alg: { type: "string", default: ALGORITHMS[0] },
      help: { type: "boolean", default: false },
      ...STACK_OPTIONS,
    },
  });
  if (values.help) return undefined;
  const { customer, staff: isStaff } = values;
  if (customer === "") throw new Error("--customer takes a customer's id");
  if (customer === undefined && !isStaff) {
    throw new Error("--customer or --staff says whose token it is");
  }
  const request = { customer, isStaff, lifetime: lifetimeOf(values.expires) };
  return { request: { ...request, alg: algorithmOf(values.alg) }, endpoint: endpointOf(values) };
}

function lifetimeOf(text: string): number {
  const lifetime = parseAge(text);
  if (lifetime === undefined) {
    throw new Error(`--expires takes an age such as 30s, 5m, 2h or 1d, not ${text}`);
  }
  return lifetime;
}

function algorithmOf(text: string): TokenRequest["alg"] {
  const alg = ALGORITHMS.find((each) => each === text);
  if (!alg) throw new Error(`--alg takes ${ALGORITHMS.join(" or ")}, not ${text}`);
  return alg;
}

function endpointOf(values: Parameters<typeof stackNamesOf>[0]): string {
  const { endpoint, stack, outputs } = values;
  const isNone = endpoint === undefined && stack === undefined && outputs === undefined;
  const names: StackNames = stackNamesOf(isNone ? { endpoint: DEFAULT_ENDPOINT } : values);
  if (names.kind === "laptop") return names.endpoint;
  throw new Error("tokens of a deployed stack come from its own issuer: this makes the laptop's");
}
