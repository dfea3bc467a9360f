import { type Spread, spreadOf } from "../spread";
import { CONNECTIONS, type Round } from "./round";

/** The rounds of one laptop. */
export interface LaptopResult {
  /** "this", or the commit. */
  name: string;
  /** Before the rounds, from `npm start` to apiUrl. */
  firstReadyMilliseconds: number;
  rounds: Round[];
}

type Reading = (round: Round) => number | undefined;

/** A table with a column for each laptop, and ratios of the first to the second. */
export function laptopReport(results: readonly LaptopResult[]): string {
  const [one, other] = results;
  const names = results.map(({ name }) => `${name}: median (min to max)`);
  const header = ["laptop", ...names, ...(other ? ["ratio"] : [])];
  const rowOf = (label: string, spreads: (Spread | undefined)[], digits: number) => {
    if (spreads.every((spread) => spread === undefined)) return [];
    const [a, b] = spreads;
    const ratio = a && b && b.median > 0 ? (a.median / b.median).toFixed(2) : "";
    const cells = spreads.map((spread) => (spread ? spreadText(spread, digits) : "none"));
    return [[label, ...cells, ...(other ? [ratio] : [])]];
  };
  const firstStarts = results.map(({ firstReadyMilliseconds: first }) => spreadOf([first / 1000]));
  const rows = [
    ...rowOf("first `npm start` to apiUrl, s", firstStarts, 1),
    ...readingsOf(results).flatMap(([label, reading, digits]) => {
      const spreads = results.map(({ rounds }) => spreadOfRounds(rounds, reading));
      return rowOf(label, spreads, digits);
    }),
  ];
  if (!one) throw new Error("no laptop was measured");
  return [header, header.map((_, i) => (i === 0 ? "---" : "---:")), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

function readingsOf(results: readonly LaptopResult[]): [string, Reading, number][] {
  const rounds = results.flatMap((result) => result.rounds);
  const connections = [
    ...new Set(rounds.flatMap(({ accepted }) => accepted.map((each) => each.connections))),
  ];
  const roles = [...new Set(rounds.flatMap(({ cpu }) => Object.keys(cpu)))];
  const at = (round: Round, wanted: number) =>
    round.accepted.find((each) => each.connections === wanted);
  return [
    ["`npm start` to apiUrl, s, later", ({ readyMilliseconds }) => readyMilliseconds / 1000, 1],
    [`end to end, orders/s (${CONNECTIONS} connections)`, ({ endToEnd }) => endToEnd, 1],
    ...connections.flatMap((wanted): [string, Reading, number][] => [
      [`accepted at ${wanted} connections, orders/s`, (round) => at(round, wanted)?.perSecond, 0],
      [`… p50 of a POST, ms`, (round) => at(round, wanted)?.p50, 0],
      [`… p99, ms`, (round) => at(round, wanted)?.p99, 0],
      [`… server errors, posted again`, (round) => at(round, wanted)?.refused, 0],
    ]),
    ...roles.map((role): [string, Reading, number] => [
      `CPU an order, ms: ${role}`,
      ({ cpu }) => cpu[role],
      1,
    ]),
    ...roles.map((role): [string, Reading, number] => [
      `processes: ${role}`,
      ({ memory }) => memory[role]?.processes,
      0,
    ]),
    ["PSS of all, MB", ({ memory }) => memory["all"]?.pss, 0],
    ["RSS of all, MB", ({ memory }) => memory["all"]?.rss, 0],
    ["RSS of the laptop's own process, MB", ({ memory }) => memory["laptop"]?.rss, 0],
  ];
}

function spreadOfRounds(rounds: readonly Round[], reading: Reading): Spread | undefined {
  const readings = rounds.map(reading).filter((value) => value !== undefined);
  return readings.length > 0 ? spreadOf(readings) : undefined;
}

function spreadText({ median, min, max }: Spread, digits: number): string {
  const text = (value: number) => value.toFixed(digits);
  return min === max ? text(median) : `${text(median)} (${text(min)} to ${text(max)})`;
}
