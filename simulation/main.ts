import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { runCommand } from "../command-line/run-command";
import { wholeNumber } from "../command-line/whole-number";
import { runHistory } from "./history";
import { LOADS, runLoad } from "./load";
import { type Plan, planOf } from "./plan";
import { PLANTED_BUGS } from "./planted";
import { describePlan, figures, line, time } from "./print";
import { SCENARIOS } from "./scenarios";
import { runSeeds } from "./seeds";
import { shrink } from "./shrink";

const SEEDS_OF_A_BUG = 2000;
const PROGRESS_MS = 5000;

const HELP = `Runs the real handlers in virtual time, on simulated AWS services where everything goes wrong.

  npm run simulate -- --seeds <n>       n histories on all cores, with fresh seeds (or --from <seed>)
  npm run simulate -- --seed <n>        one history, printed: time, who, what
  npm run simulate -- --planted         the planted bugs, each of which must be found
  npm run simulate -- --scenarios       the named scenarios, a line each
  npm run simulate -- --scenario <name> one of them, printed
  npm run simulate -- --load            ten orders a second through outages of hours: minutes each

  --from <seed>   the first of the seeds
  --shrink        with --seed: the smallest part of it that still breaks the promise

A history is a seed: the same seed gives the same history on every machine.`;

const { values } = parseArgs({
  options: {
    seeds: { type: "string" },
    seed: { type: "string" },
    from: { type: "string" },
    planted: { type: "boolean", default: false },
    scenario: { type: "string" },
    scenarios: { type: "boolean", default: false },
    load: { type: "boolean", default: false },
    shrink: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const say = (text: string) => process.stdout.write(`${text}\n`);

async function main(): Promise<boolean> {
  // Where handlers fail as planned, nobody reads a stack.
  Error.stackTraceLimit = 0;
  if (values.seeds !== undefined) return seeds(wholeNumber("--seeds", values.seeds));
  if (values.seed !== undefined) return seed(wholeNumber("--seed", values.seed));
  if (values.planted) return planted();
  if (values.scenarios) return scenarios();
  if (values.scenario !== undefined) return scenario(values.scenario);
  if (values.load) return load();
  say(HELP);
  return values.help;
}

async function seeds(count: number): Promise<boolean> {
  const from = values.from === undefined ? randomInt(2 ** 31) : wholeNumber("--from", values.from);
  say(`seeds ${from} to ${from + count - 1}`);
  const started = Date.now();
  let shownAt = started;
  const results = await runSeeds({
    from,
    count,
    onProgress({ histories, broken }) {
      const now = Date.now();
      if (now - shownAt < PROGRESS_MS) return;
      shownAt = now;
      const rate = Math.round(histories / ((now - started) / 1000));
      process.stderr.write(
        `${histories} of ${count} histories, ${rate}/s, ${broken.length} violations\n`,
      );
    },
  });
  for (const { seed: broken, invariant, what } of results.broken) {
    say(`seed ${broken}: ${invariant}: ${what}`);
  }
  say(figures(results, (Date.now() - started) / 1000));
  const [first] = results.broken;
  if (first) await printShrunk(planOf(first.seed), first.invariant);
  return !first;
}

async function seed(number: number): Promise<boolean> {
  const plan = planOf(number);
  if (!values.shrink) return print(plan);
  const [violation] = (await runHistory(plan)).violations;
  if (violation) await printShrunk(plan, violation.invariant);
  else say(`seed ${number} breaks no promise`);
  return !violation;
}

async function print(plan: Plan, without?: ReadonlySet<string>): Promise<boolean> {
  for (const each of describePlan(plan)) say(each);
  say("");
  const { violations, orders } = await runHistory(plan, {
    ...(without && { without }),
    trace: (at, who, what) => say(line(at, who, what)),
  });
  say("");
  for (const { name, status, notifiedAt, published } of orders) {
    say(`${name} is ${status}, notified after ${time(notifiedAt)}: ${published.join(", ")}`);
  }
  for (const { invariant, what } of violations) say(`${invariant}: ${what}`);
  say(`${violations.length} violations`);
  return violations.length === 0;
}

async function printShrunk(plan: Plan, invariant: string): Promise<void> {
  say(`\nthe smallest part of seed ${plan.seed} that breaks ${invariant}:`);
  const smallest = await shrink(plan, async (part) => {
    const { violations } = await runHistory(part.plan, part);
    return violations.some((violation) => violation.invariant === invariant);
  });
  await print(smallest.plan, smallest.without);
}

async function planted(): Promise<boolean> {
  let missed = 0;
  for (const bug of PLANTED_BUGS) {
    const { broken } = await runSeeds({ from: 1, count: SEEDS_OF_A_BUG, bug, stopAtFirst: true });
    const [found] = broken;
    if (!found) missed += 1;
    say(
      `${bug.name}: ${found ? `seed ${found.seed}, ${found.invariant}: ${found.what}` : "NOT FOUND"}`,
    );
  }
  say(`${PLANTED_BUGS.length - missed} of ${PLANTED_BUGS.length} planted bugs found`);
  return missed === 0;
}

async function scenarios(): Promise<boolean> {
  let broken = 0;
  for (const { name, plan, deviations } of SCENARIOS) {
    const result = await runHistory(plan);
    const wrong = [...result.violations.map(({ what }) => what), ...deviations(result)];
    if (wrong.length > 0) broken += 1;
    const last = Math.max(...result.orders.map(({ notifiedAt }) => notifiedAt));
    say(`${name}: ${wrong.length > 0 ? wrong.join("; ") : `all notified after ${time(last)}`}`);
  }
  return broken === 0;
}

async function load(): Promise<boolean> {
  say(
    "| outage, at 10 orders a second | accepted | messages of the reconciler | backlog gone after | FAILED |",
  );
  say("| --- | --: | --: | --: | --: |");
  let isWell = true;
  for (const each of LOADS) {
    const { accepted, hints, drainedAfter, failed, violations } = await runLoad(each);
    say(`| ${each.name} | ${accepted} | ${hints} | ${time(drainedAfter)} | ${failed} |`);
    if (failed + violations > 0) isWell = false;
  }
  return isWell;
}

async function scenario(name: string): Promise<boolean> {
  const found = SCENARIOS.find((each) => each.name.startsWith(name));
  if (!found) {
    throw new Error(
      `there is no scenario ${name}: ${SCENARIOS.map((each) => each.name).join(", ")}`,
    );
  }
  return print(found.plan);
}

runCommand(main);
