import { parseArgs } from "node:util";
import { wholeNumber } from "../command-line/whole-number";
import { SERVICES } from "./aws-call";
import { chaos, type FaultPlan } from "./endpoint/fault-injection";
import type { Outage } from "./endpoint/outages";

const DEFAULT_PORT = 3000;
/** A day. */
const MAX_SECONDS = 86_400;

export const HELP = `Runs the whole stack on this machine.

  npm start [-- --port <port>] [--stack <name>] [--chaos <rate>] [--seed <n>]
               [--outage <service>=<seconds>] … [--quiet]

  --port <port>    where the API listens on 127.0.0.1 (default ${DEFAULT_PORT}, or $PORT; 0: any)
  --stack <name>   whose config to use, from Pulumi.<name>.yaml (default dev)
  --chaos <rate>   lets calls to AWS go wrong, with this probability (0 to 1): throttled, lost, late,
                   or crashing the process that makes them
  --seed <n>       which calls those are (default 1)
  --outage <service>=<seconds>
                   cuts the stack off from dynamodb, sqs or sns for so long, counted from when the
                   API is up; once for each service
  --quiet          prints only where the API is, warnings, alarms and failures
  --help           this text

Stop it with Ctrl-C. Everything is in memory, and gone when it stops.`;

export interface Arguments {
  port: number;
  stack: string;
  help: boolean;
  quiet: boolean;
  faults: FaultPlan;
  outages: Outage[];
}

/** What `npm start --` is given. Throws a sentence on what is wrong with it. */
export function parseArguments(args: string[], defaultPort = String(DEFAULT_PORT)): Arguments {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: "string", default: defaultPort },
      stack: { type: "string", default: "dev" },
      chaos: { type: "string", default: "0" },
      seed: { type: "string", default: "1" },
      outage: { type: "string", multiple: true, default: [] },
      quiet: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const { stack, help, quiet } = values;
  const port = wholeNumber("--port", values.port, 65_535);
  const rate = Number(values.chaos);
  if (!(rate >= 0 && rate <= 1)) {
    throw new Error(`--chaos takes a probability from 0 to 1, not ${values.chaos}`);
  }
  const seed = wholeNumber("--seed", values.seed);
  const outages = values.outage.map(parseOutage);
  const again = outages.find(
    ({ service }, i) => outages.findIndex((each) => each.service === service) < i,
  );
  if (again) throw new Error(`--outage names ${again.service} more than once`);
  return { port, stack, help, quiet, faults: chaos(rate, seed), outages };
}

function parseOutage(text: string): Outage {
  const [, name = "", length = ""] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  const service = SERVICES.find((each) => each === name);
  if (!service) {
    throw new Error(
      `--outage takes <service>=<seconds> with dynamodb, sqs or sns, such as sqs=25, not ${text}`,
    );
  }
  const seconds = Number(length);
  if (!/^\d+(?:\.\d+)?$/.test(length) || seconds > MAX_SECONDS) {
    throw new Error(`--outage ${service} takes seconds, up to ${MAX_SECONDS}, not ${length}`);
  }
  return { service, kind: "cut-off", seconds };
}
