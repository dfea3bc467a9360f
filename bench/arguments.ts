import { parseArgs } from "node:util";
import { wholeNumber } from "../command-line/whole-number";

/** What is measured without being named; `growth` alone takes longer than these together. */
export const USUAL_PARTS = ["functions", "laptop", "simulation", "cost"] as const;
export const PARTS = [...USUAL_PARTS, "growth"] as const;
export type Part = (typeof PARTS)[number];

/** As many as the table of growth is about. */
const GROWTH_ORDERS = 50_000;
const ROUNDS = 2;

export const HELP = `Measures speed, memory and cost, prints tables, and writes bench/results/<date>-<cpu>.json.

  npm run bench [-- <part> …]           ${USUAL_PARTS.join(", ")}: all of them by default, in about ten minutes
  npm run bench -- growth               memory after ${GROWTH_ORDERS.toLocaleString("en")} orders against after a tenth: minutes more

  --against <commit>  checks it out beside, measures the laptops of both in turns, and gives ratios
  --peer <url>        the apiUrl of the same program on another emulator, which gets the same orders in turns
  --rounds <n>        starts of the laptop (default ${ROUNDS})
  --orders <n>        of growth (default ${GROWTH_ORDERS})
  --help              this text

Ratios within one run mean something; figures of two runs, or of a machine that does something else as well, do not.`;

export interface Arguments {
  help: boolean;
  parts: readonly Part[];
  against: string | undefined;
  peer: string | undefined;
  rounds: number;
  orders: number;
}

/** Throws a sentence about what is unknown, or does not go together. */
export function parseArguments(args: string[]): Arguments {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      against: { type: "string" },
      peer: { type: "string" },
      rounds: { type: "string", default: String(ROUNDS) },
      orders: { type: "string", default: String(GROWTH_ORDERS) },
      help: { type: "boolean", default: false },
    },
  });
  const unknown = positionals.find((name) => !isPart(name));
  if (unknown !== undefined) {
    throw new Error(`there is no part ${unknown} of the bench: ${PARTS.join(", ")}`);
  }
  const parts = positionals.length > 0 ? positionals.filter(isPart) : USUAL_PARTS;
  const { help, against, peer } = values;
  if (peer !== undefined && !URL.canParse(peer)) throw new Error(`--peer takes a URL, not ${peer}`);
  const rounds = wholeNumber("--rounds", values.rounds);
  const orders = wholeNumber("--orders", values.orders);
  if (rounds === 0) throw new Error("--rounds takes at least 1");
  if (orders < 100) throw new Error("--orders takes at least 100");
  return { help, parts, against, peer: peer?.replace(/\/?$/, "/"), rounds, orders };
}

function isPart(name: string): name is Part {
  return (PARTS as readonly string[]).includes(name);
}
