import * as path from "node:path";
import { parseArgs, type ParseArgsConfig } from "node:util";
import { wholeNumber } from "../command-line/whole-number";
import { SERVICES } from "./aws-call";
import { chaos, type FaultPlan } from "./endpoint/fault-injection";
import type { Outage } from "./endpoint/outages";
import { type Inspection, parseInspection } from "./inspection";

const DEFAULT_PORT = 3000;
/** A day. */
const MAX_SECONDS = 86_400;

export const HELP = `Runs the whole stack on this machine.

  npm start [-- --port <port>] [--stack <name>] [--chaos <rate>] [--seed <n>]
               [--outage <service>=<seconds>] … [--throttle <service>=<seconds>] …
               [--data <folder>] [--orders <file>] [--inspect <function>]
               [--watch] [--quiet]

  --port <port>    where the API listens on 127.0.0.1 (default ${DEFAULT_PORT}, or $PORT; 0: any)
  --stack <name>   whose config to use, from Pulumi.<name>.yaml (default dev)
  --chaos <rate>   lets calls to AWS go wrong, with this probability (0 to 1): throttled, lost, late,
                   or crashing the process that makes them
  --seed <n>       which calls those are (default 1)
  --outage <service>=<seconds>
                   cuts the stack off from dynamodb, sqs or sns for so long, counted from when the
                   API is up; once for each service
  --throttle <service>=<seconds>
                   the same, but all calls to the service are throttled
  --data <folder>  keeps tables and messages there, for the next start with that folder
  --orders <file>  posts each line of the file, an order as JSON, once the API is up
  --inspect <function>[:<port>]
                   lets a debugger attach to that function on 127.0.0.1 (default port 9229); it takes
                   one event at a time, and no timeout ends it
  --watch          takes over changes of the program while it runs
  --quiet          prints only where the API is, warnings, alarms and failures
  --help           this text

Stop it with Ctrl-C. Without --data everything is in memory, and gone when it stops.`;

export interface Arguments {
  port: number;
  stack: string;
  help: boolean;
  /** An absolute path. */
  data: string | undefined;
  orders: string | undefined;
  inspect: Inspection | undefined;
  quiet: boolean;
  faults: FaultPlan;
  outages: Outage[];
  watch: boolean;
}

const OPTIONS = {
  port: { type: "string" },
  stack: { type: "string", default: "dev" },
  chaos: { type: "string", default: "0" },
  seed: { type: "string", default: "1" },
  outage: { type: "string", multiple: true, default: [] },
  throttle: { type: "string", multiple: true, default: [] },
  data: { type: "string" },
  orders: { type: "string" },
  inspect: { type: "string" },
  watch: { type: "boolean", default: false },
  quiet: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} satisfies ParseArgsConfig["options"];

/** What `npm start --` is given. Throws a sentence on what is wrong with it. */
export function parseArguments(args: string[], defaultPort = String(DEFAULT_PORT)): Arguments {
  const { values } = parseArgs({ args, options: OPTIONS });
  const { stack, help, watch, quiet, data, orders, inspect } = values;
  if (data === "") throw new Error("--data takes a folder");
  return {
    ...{ stack, help, watch, quiet, orders },
    port: wholeNumber("--port", values.port ?? defaultPort, 65_535),
    data: data === undefined ? undefined : path.resolve(data),
    inspect: inspect === undefined ? undefined : parseInspection(inspect),
    faults: parseChaos(values.chaos, values.seed),
    outages: parseOutages(values.outage, values.throttle),
  };
}

function parseChaos(rateText: string, seedText: string): FaultPlan {
  const rate = Number(rateText);
  if (!(rate >= 0 && rate <= 1)) {
    throw new Error(`--chaos takes a probability from 0 to 1, not ${rateText}`);
  }
  return chaos(rate, wholeNumber("--seed", seedText));
}

function parseOutages(cutOff: string[], throttled: string[]): Outage[] {
  const outages = [
    ...cutOff.map((text) => parseOutage("--outage", "cut-off", text)),
    ...throttled.map((text) => parseOutage("--throttle", "throttled", text)),
  ];
  const again = outages.find(
    ({ service }, i) => outages.findIndex((each) => each.service === service) < i,
  );
  if (again) throw new Error(`--outage and --throttle name ${again.service} more than once`);
  return outages;
}

function parseOutage(option: string, kind: Outage["kind"], text: string): Outage {
  const [, name = "", length = ""] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  const service = SERVICES.find((each) => each === name);
  if (!service) {
    throw new Error(
      `${option} takes <service>=<seconds> with dynamodb, sqs or sns, such as sqs=25, not ${text}`,
    );
  }
  const seconds = Number(length);
  if (!/^\d+(?:\.\d+)?$/.test(length) || seconds > MAX_SECONDS) {
    throw new Error(`${option} ${service} takes seconds, up to ${MAX_SECONDS}, not ${length}`);
  }
  return { service, kind, seconds };
}
