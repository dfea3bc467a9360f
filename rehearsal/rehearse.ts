import { eventually, within } from "../harness/eventually";
import type { End } from "./causes";
import { type CommandResult, runOnLaptop } from "./commands";
import { type Customers, sendOrders } from "./customers";
import type { Incident } from "./incidents";
import { ordersIn } from "./orders";
import { readSection, type RunbookSection } from "./runbook";
import { type Scene, startScene } from "./stack";

/** How an incident went, from its cause to its cure. Times in seconds. */
export interface Rehearsal {
  incident: Incident;
  /** From the cause to the alarm that leads to the cure. */
  alarmAfter: number;
  /** Every other alarm that fired. */
  otherAlarms: string[];
  /** What customers' POSTs were answered, and how often. */
  answers: ReadonlyMap<number, number>;
  /** From the cure until the alarms were OK and every order ended and notified. */
  overAfter: number;
  /** How many orders ended how. */
  ends: ReadonlyMap<string, number>;
}

type Say = (line: string) => void;

const MAX_MILLISECONDS = 120_000;
/** An alarm that a busy machine has set off is given time to be OK. */
const DOCTOR_MILLISECONDS = 30_000;
const DOCTOR = "npm run doctor -- --stack dev";

/** Plays an incident on a stack of its own. Throws a sentence where it does not go as the runbook has it. */
export async function rehearse(incident: Incident, say: Say): Promise<Rehearsal> {
  const { sections = [incident.alarm] } = incident;
  const runbook = sections.map((name) => readSection(name));
  say(`${incident.name}: ${incident.cause}`);
  const scene = await startScene(incident.options);
  try {
    await doctorFinds("well", scene);
    const began = Date.now();
    const end = await incident.begin(scene);
    const customers = sendOrders(scene);
    await alarmFires(scene, incident.alarm);
    const alarmAfter = secondsSince(began);
    say(`  ALARM ${incident.alarm} after ${seconds(alarmAfter)}`);

    await doctorFinds("not well", scene, say);
    for (const { look } of runbook) await runAll(scene, look, customers, say);
    const mended = Date.now();
    await mend(incident, runbook, { scene, customers, end, say });
    const ends = await untilEnded(scene);
    await eventually("the alarms to be OK", () => alarming(scene).length === 0, MAX_MILLISECONDS);
    const overAfter = secondsSince(mended);
    await doctorFinds("well", scene);
    say(`  over after ${seconds(overAfter)}`);
    const { answers } = customers;
    return {
      incident,
      alarmAfter,
      otherAlarms: othersIn(scene, incident),
      answers,
      overAfter,
      ends,
    };
  } finally {
    await scene.stop();
  }
}

/** Runs the commands of the cure, with what ends the cause in its place among them. */
async function mend(
  { cure }: Incident,
  runbook: RunbookSection[],
  { scene, customers, end, say }: { scene: Scene; customers: Customers; end: End; say: Say },
): Promise<void> {
  const commands = runbook.flatMap((section) => section.mend);
  const deploy = commands.findIndex((command) => command.startsWith("pulumi up"));
  if (cure === undefined && deploy < 0)
    throw new Error("the runbook has no pulumi up that mends it");
  const before = cure === undefined ? commands.slice(0, deploy) : [];
  await runAll(scene, before, customers, say);
  say(`  ${cure ?? `$ ${commands[deploy] ?? ""}`}`);
  await end();
  await customers.stop();
  await untilEnded(scene);
  const after = cure === undefined ? commands.slice(deploy + 1) : commands;
  const results = await runAll(scene, after, customers, say);
  // The doctor has its say in the end, when the alarms have had time to be OK.
  const failed = results.find(
    ({ command, exitCode }) => exitCode !== 0 && !command.startsWith("npm run doctor "),
  );
  if (failed) throw new Error(`"${failed.command}" failed:\n${failed.output}`);
}

async function runAll(
  scene: Scene,
  commands: string[],
  { orderIds: [orderId = ""] }: Customers,
  say: Say,
): Promise<CommandResult[]> {
  const results: CommandResult[] = [];
  for (const command of commands) {
    const result = await runOnLaptop(command, { address: scene.address, orderId });
    say(`  $ ${command}${result ? "" : "   (not on a laptop)"}`);
    if (!result) continue;
    say(`    exit ${result.exitCode}: ${firstLine(result)}`);
    results.push(result);
  }
  return results;
}

async function doctorFinds(expected: "well" | "not well", scene: Scene, say?: Say): Promise<void> {
  let result: CommandResult | undefined;
  const isFound = async () => {
    result = await runOnLaptop(DOCTOR, { address: scene.address, orderId: "" });
    return result?.exitCode === EXIT_CODES[expected];
  };
  if (!(await within(DOCTOR_MILLISECONDS, isFound))) {
    throw new Error(`the doctor does not find it ${expected}:\n${result?.output ?? ""}`);
  }
  if (say && result) say(`  $ ${DOCTOR}\n    ${firstLine(result)}`);
}

const EXIT_CODES = { well: 0, "not well": 1 };

/** Every order has ended and its customer been told: how many ended how. */
async function untilEnded({ laptop }: Scene): Promise<Map<string, number>> {
  const orders = await eventually(
    "every order to be ended and notified",
    async () => {
      const all = await ordersIn(laptop);
      return all.every(({ isNotified }) => isNotified) && all;
    },
    MAX_MILLISECONDS,
  );
  const ends = new Map<string, number>();
  for (const { status } of orders) ends.set(status, (ends.get(status) ?? 0) + 1);
  return ends;
}

function alarmFires({ laptop }: Scene, alarm: string): Promise<unknown> {
  const isFiring = () =>
    laptop.alarms.all().some(({ name, state }) => shortName(name) === alarm && state === "ALARM");
  return eventually(`the alarm ${alarm}`, isFiring, MAX_MILLISECONDS);
}

function alarming({ laptop }: Scene): string[] {
  return laptop.alarms.all().flatMap(({ name, state }) => (state === "ALARM" ? name : []));
}

function othersIn({ laptop }: Scene, { alarm }: Incident): string[] {
  const fired = laptop.events.flatMap((event) =>
    event.kind === "alarm" && event.state === "ALARM" ? shortName(event.name) : [],
  );
  return [...new Set(fired)].filter((name) => name !== alarm);
}

function shortName(alarm: string): string {
  return alarm.replace("order-processing-dev-", "");
}

function secondsSince(time: number): number {
  return (Date.now() - time) / 1000;
}

export function seconds(count: number): string {
  return `${count.toFixed(1)} s`;
}

function firstLine({ output }: CommandResult): string {
  return output.split("\n")[0] ?? "";
}
