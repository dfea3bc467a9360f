import { readFileSync } from "node:fs";
import * as path from "node:path";
import { setTimeout } from "node:timers/promises";
import { copyProject } from "../harness/project-copy";
import { FAULT_KINDS, type FaultKind } from "../laptop/endpoint/fault-injection";
import type { Ledger } from "./ledger";
import { nameOfPlace, type Place } from "./places";
import { SCENARIOS, type Scenario } from "./scenarios";
import { UNSETTLED } from "./stack";
import { RECONCILE_SECONDS, startTravels, type FaultyTrip, type Travels } from "./travels";
import { within } from "./until";

export interface Cell extends Place {
  kind: FaultKind;
  /** How the order ended, with the tries that it took to be accepted; or what went wrong. */
  outcome: string;
  ok: boolean;
}

type Progress = (done: number, all: number) => void;

const AT_ONCE = 50;
/** Where a call is about several orders, it goes wrong for one of them: another order tries again. */
const MAX_TRIPS = 5;
/** Two runs of the reconciler. */
const TURN_MILLISECONDS = 2000 * RECONCILE_SECONDS;
const MESSAGE_MILLISECONDS = 5_000;
const PATIENCE_MILLISECONDS = 90_000;

const ORDER = Object.keys(SCENARIOS) as Scenario[];
const STEP = path.join(__dirname, "obedient-fulfil-order.ts");

/**
 * Finds every AWS call that the functions make for an order, then sends an order through each of them
 * once for every kind of fault, and checks the promises on each. `progress` hears of each cell.
 */
export async function runMatrix(progress: Progress): Promise<Cell[]> {
  const copy = copyProject({ "handlers/fulfil-order.ts": readFileSync(STEP, "utf8") });
  try {
    const travels = await startTravels(copy.directory);
    try {
      return await fillAll(travels, progress);
    } finally {
      await travels.stop();
    }
  } finally {
    copy.remove();
  }
}

async function fillAll(travels: Travels, progress: Progress): Promise<Cell[]> {
  for (const trip of await Promise.all(ORDER.map((scenario) => travels.travel(scenario)))) {
    if (trip.trouble !== undefined) throw new Error(`without a fault: ${trip.trouble}`);
  }
  if (!(await travels.settled(PATIENCE_MILLISECONDS))) throw new Error(UNSETTLED);
  const cells = cellsOf(travels.places);
  const filled: [Cell, FaultyTrip[]][] = [];
  await inParallel(cells, async (cell) => {
    filled.push([cell, await fill(travels, cell)]);
    progress(filled.length, cells.length);
  });
  const isSettled = await travels.settled(PATIENCE_MILLISECONDS);
  for (const [cell, taken] of filled) judge(cell, taken, travels.ledger);
  if (!isSettled && cells.every(({ ok }) => ok)) throw new Error(UNSETTLED);
  return cells;
}

/** Each call once, in the first scenario that has it; each with every kind of fault. */
function cellsOf(found: Place[]): Cell[] {
  const byScenario = found.toSorted(
    (a, b) => ORDER.indexOf(a.scenario) - ORDER.indexOf(b.scenario) || a.n - b.n,
  );
  const places = new Map<string, Place>();
  for (const place of byScenario) {
    if (!places.has(nameOfPlace(place))) places.set(nameOfPlace(place), place);
  }
  return [...places.values()].flatMap((place) =>
    FAULT_KINDS.map((kind) => ({ ...place, kind, outcome: "", ok: false })),
  );
}

/**
 * Longer scenarios first. The reconciler reads, and sends batches, for all orders that are due: those that
 * this is to go wrong for become due in turn. Its queries come last: where one fails, the whole run does.
 */
async function inParallel(cells: Cell[], work: (cell: Cell) => Promise<void>): Promise<void> {
  const isShared = ({ caller, effect }: Cell) =>
    caller === "reconcile-orders" && effect === undefined;
  const rest = cells.filter((cell) => !isShared(cell)).reverse();
  const worker = async () => {
    for (let cell = rest.shift(); cell !== undefined; cell = rest.shift()) await work(cell);
  };
  const inTurn = cells.filter(isShared).map(async (cell) => {
    const turn = cell.action === "Query" ? FAULT_KINDS.length : FAULT_KINDS.indexOf(cell.kind);
    await setTimeout(turn * TURN_MILLISECONDS);
    await work(cell);
  });
  await Promise.all([...inTurn, ...Array.from({ length: AT_ONCE }, worker)]);
}

/** Sends orders until one has met with the cell's fault. */
async function fill(travels: Travels, cell: Cell): Promise<FaultyTrip[]> {
  const taken: FaultyTrip[] = [];
  while (taken.length < MAX_TRIPS && taken.every(({ hit }) => hit === undefined)) {
    const trip = await travels.travel(cell.scenario, cell);
    // A message may still be on its way.
    await within(MESSAGE_MILLISECONDS, () => trip.hit !== undefined);
    taken.push(trip);
  }
  return taken;
}

function judge(cell: Cell, taken: FaultyTrip[], ledger: Ledger): void {
  const complaints = taken.flatMap(({ orderId, trouble }) => [
    ...ledger.complaints(orderId),
    ...(trouble === undefined ? [] : [trouble]),
  ]);
  const trip = taken.at(-1);
  if (trip?.hit === undefined) complaints.push("the fault did not happen");
  cell.ok = complaints.length === 0;
  cell.outcome = cell.ok && trip ? outcomeOf(trip, ledger) : [...new Set(complaints)].join("; ");
}

function outcomeOf({ orderId, tries }: FaultyTrip, ledger: Ledger): string {
  const status = ledger.last(orderId)?.status ?? "gone";
  return `${status}, accepted at try ${tries}, notified ${ledger.publishes(orderId)}×`;
}
