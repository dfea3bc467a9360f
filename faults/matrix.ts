import { readFileSync } from "node:fs";
import * as path from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Send } from "../harness/client";
import { within } from "../harness/eventually";
import { copyProject } from "../harness/project-copy";
import { FAULT_KINDS, type FaultKind } from "../laptop/endpoint/fault-injection";
import { type CallSite, nameOfCallSite } from "./call-sites";
import {
  type FaultCase,
  type FaultRunner,
  RECONCILE_SECONDS,
  startFaultRunner,
} from "./fault-runner";
import type { Ledger } from "./ledger";
import { readRuns, runViolations, type StepRun } from "./runs";
import { runsFile, type Scenario, SCENARIOS } from "./scenarios";
import { UNSETTLED } from "./stack";

/** A call, and what is to go wrong with it. */
interface Probe extends CallSite {
  kind: FaultKind;
}

export interface Cell extends Probe {
  /** How the order ended, with the tries until it was accepted; or what went wrong. */
  outcome: string;
  ok: boolean;
}

type Progress = (done: number, all: number) => void;

/** `slice`: each call with one kind of fault, and each kind with some of the calls. */
type Extent = "whole" | "slice";

const CONCURRENCY = 20;
/** Where a call is about several orders, it goes wrong for one of them: another order tries again. */
const MAX_CASES = 5;
/** Two runs of the reconciler. */
const TURN_MILLISECONDS = 2000 * RECONCILE_SECONDS;
const MESSAGE_MILLISECONDS = 5_000;
const TIMEOUT_MILLISECONDS = 90_000;

const ORDER = Object.keys(SCENARIOS) as Scenario[];
const RECONCILED: Scenario = "is reconciled";
const STEP = path.join(__dirname, "obedient-fulfil-order.ts");

/**
 * Finds every AWS call that the functions make for an order, then sends an order through each of them
 * once for every kind of fault, and checks the promises on each. `progress` is given each cell. `send`: see
 * startLaptop.
 */
export async function runMatrix(extent: Extent, progress: Progress, send?: Send): Promise<Cell[]> {
  const copy = copyProject({ "handlers/fulfil-order.ts": readFileSync(STEP, "utf8") });
  try {
    const runner = await startFaultRunner(copy.directory, send);
    try {
      const stepRuns = () => readRuns(runsFile(copy.directory));
      return await runAll(runner, extent, stepRuns, progress);
    } finally {
      await runner.stop();
    }
  } finally {
    copy.remove();
  }
}

async function runAll(
  runner: FaultRunner,
  extent: Extent,
  stepRuns: () => StepRun[],
  progress: Progress,
): Promise<Cell[]> {
  await runWithoutFaults(runner);
  if (!(await runner.settled(TIMEOUT_MILLISECONDS))) throw new Error(UNSETTLED);
  const probes = probesOf(runner.callSites, extent);
  const cases = new Map<Probe, FaultCase[]>();
  await inParallel(probes, async (probe) => {
    cases.set(probe, await casesOf(runner, probe));
    progress(cases.size, probes.length);
  });
  const isSettled = await runner.settled(TIMEOUT_MILLISECONDS);
  const runs = stepRuns();
  const cells = probes.map((probe) => cellOf(probe, cases.get(probe) ?? [], runs, runner.ledger));
  if (!isSettled && cells.every(({ ok }) => ok)) throw new Error(UNSETTLED);
  return cells;
}

/**
 * Each scenario once, one after another: a busy machine would add attempts, and so calls that are not there
 * otherwise. The order that only waits for the reconciler does so beside them.
 */
async function runWithoutFaults(runner: FaultRunner): Promise<void> {
  const run = async (scenario: Scenario) => {
    const { error } = await runner.runCase(scenario);
    if (error !== undefined)
      throw new Error(`an order that ${scenario}, without a fault: ${error}`);
  };
  const inTurn = async () => {
    for (const scenario of ORDER) if (scenario !== RECONCILED) await run(scenario);
  };
  await Promise.all([run(RECONCILED), inTurn()]);
}

/** Where an order does not wait for the reconciler, only a machine that is too busy lets it look. */
function isOfItsScenario({ caller, scenario }: CallSite): boolean {
  return caller !== "reconcile-orders" || scenario === RECONCILED;
}

/** Each call once, in the first scenario that has it. */
function probesOf(found: CallSite[], extent: Extent): Probe[] {
  const byScenario = found
    .filter(isOfItsScenario)
    .toSorted((a, b) => ORDER.indexOf(a.scenario) - ORDER.indexOf(b.scenario) || a.n - b.n);
  const callSites = new Map<string, CallSite>();
  for (const callSite of byScenario) {
    const name = nameOfCallSite(callSite);
    if (!callSites.has(name)) callSites.set(name, callSite);
  }
  return [...callSites.values()].flatMap((callSite, i) => {
    const kinds = FAULT_KINDS.filter(
      (_kind, k) => extent === "whole" || (i + k) % FAULT_KINDS.length === 0,
    );
    return kinds.map((kind) => ({ ...callSite, kind }));
  });
}

/**
 * Longer scenarios first. The reconciler reads, and sends batches, for all orders that are due: those that
 * this is to go wrong for become due in turn. Its queries come last: where one fails, the whole run does.
 */
async function inParallel(probes: Probe[], work: (probe: Probe) => Promise<void>): Promise<void> {
  const isShared = ({ caller, effect }: Probe) =>
    caller === "reconcile-orders" && effect === undefined;
  const rest = probes.filter((probe) => !isShared(probe)).reverse();
  const worker = async () => {
    for (let probe = rest.shift(); probe !== undefined; probe = rest.shift()) await work(probe);
  };
  const shared = probes.filter(isShared);
  const kinds = [...new Set(shared.map(({ kind }) => kind))];
  const inTurn = shared.map(async (probe) => {
    const turn = probe.action === "Query" ? kinds.length : kinds.indexOf(probe.kind);
    await setTimeout(turn * TURN_MILLISECONDS);
    await work(probe);
  });
  await Promise.all([...inTurn, ...Array.from({ length: CONCURRENCY }, worker)]);
}

/** Sends orders until the fault has hit one of them. */
async function casesOf(runner: FaultRunner, probe: Probe): Promise<FaultCase[]> {
  const cases: FaultCase[] = [];
  while (cases.length < MAX_CASES && cases.every(({ hit }) => hit === undefined)) {
    const last = await runner.runCase(probe.scenario, probe);
    // A message may still be on its way.
    await within(MESSAGE_MILLISECONDS, () => last.hit);
    cases.push(last);
  }
  return cases;
}

function cellOf(probe: Probe, cases: FaultCase[], runs: StepRun[], ledger: Ledger): Cell {
  const last = cases.at(-1);
  const violations = cases.flatMap(({ orderId, error }) => {
    const ofOrder = runs.filter((run) => run.orderId === orderId);
    return [
      ...ledger.violations(orderId),
      ...runViolations(ofOrder, ledger.moments(orderId)),
      ...(error === undefined ? [] : [error]),
    ];
  });
  if (last?.hit === undefined) violations.push("the fault did not happen");
  const ok = violations.length === 0;
  const outcome = ok && last ? outcomeOf(last, ledger) : [...new Set(violations)].join("; ");
  return { ...probe, outcome, ok };
}

function outcomeOf({ orderId, tries }: FaultCase, ledger: Ledger): string {
  const status = ledger.last(orderId)?.status ?? "gone";
  return `${status}, accepted at try ${tries}, notified ${ledger.publishes(orderId)}×`;
}
