import { eventually } from "../harness/eventually";
import type { StackEvent } from "../laptop/events";
import { type CommandResult, runOnLaptop } from "./commands";
import { type Customers, sendOrders } from "./customers";
import type { End, Incident } from "./incidents";
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
type AlarmEvent = Extract<StackEvent, { kind: "alarm" }>;

const MAX_MILLISECONDS = 120_000;
const DOCTOR = "npm run doctor -- --stack dev";

/** Plays an incident on a stack of its own. Throws a sentence where it does not go as the runbook has it. */
export async function rehearse(incident: Incident, say: Say): Promise<Rehearsal> {
  const section = readSection(incident.section);
  say(`${incident.name}: ${incident.cause}`);
  const scene = await startScene();
  try {
    await mustBeWell(scene, "before the incident");
    const customers = sendOrders(scene, scene.provider.url);
    const began = Date.now();
    const end = await incident.begin(scene);
    await alarmIs(scene, incident.alarm, "ALARM");
    const alarmAfter = secondsSince(began);
    say(`  ALARM ${incident.alarm} after ${alarmAfter.toFixed(1)} s`);

    await look(scene, section, customers, say);
    const mended = Date.now();
    await mend(scene, section, end, customers, say);
    const ends = await untilEnded(scene);
    await eventually("the alarms to be OK", () => alarming(scene).length === 0, MAX_MILLISECONDS);
    const overAfter = secondsSince(mended);
    await mustBeWell(scene, "after the cure");
    say(`  over after ${overAfter.toFixed(1)} s`);
    const others = alarmEvents(scene).filter(({ state }) => state === "ALARM");
    const otherAlarms = [...new Set(others.map(({ name }) => shortName(name)))];
    return {
      incident,
      alarmAfter,
      otherAlarms: otherAlarms.filter((name) => name !== incident.alarm),
      answers: customers.answers,
      overAfter,
      ends,
    };
  } finally {
    await scene.stop();
  }
}

/** What the runbook looks with must find that something is wrong. */
async function look(scene: Scene, section: RunbookSection, customers: Customers, say: Say) {
  const results = await runAll(scene, section.look, customers, say);
  if (!results.some(({ exitCode }) => exitCode !== 0)) {
    throw new Error(`all that ${section.name} looks with found everything well`);
  }
}

/** Runs the commands of the cure. A cause that none of them ends, such as an outage, ends by itself before. */
async function mend(
  scene: Scene,
  section: RunbookSection,
  end: End,
  customers: Customers,
  say: Say,
): Promise<void> {
  const deploy = section.mend.findIndex((command) => command.startsWith("pulumi up"));
  const before = section.mend.slice(0, Math.max(0, deploy));
  await runAll(scene, before, customers, say);
  await end();
  say(deploy < 0 ? "  the cause ends by itself" : "  $ pulumi up");
  await customers.stop();
  const results = await runAll(scene, section.mend.slice(deploy + 1), customers, say);
  const failed = results.find(({ exitCode }) => exitCode !== 0);
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
    say(`  $ ${command}${result ? ` → exit ${result.exitCode}` : " (not on a laptop)"}`);
    if (result) results.push(result);
  }
  return results;
}

async function mustBeWell({ address }: Scene, when: string): Promise<void> {
  const result = await runOnLaptop(DOCTOR, { address, orderId: "" });
  if (result?.exitCode !== 0) throw new Error(`not well ${when}:\n${result?.output ?? ""}`);
}

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

function alarmEvents({ laptop }: Scene): AlarmEvent[] {
  return laptop.events.filter((event): event is AlarmEvent => event.kind === "alarm");
}

function alarming({ laptop }: Scene): string[] {
  return laptop.alarms.all().flatMap(({ name, state }) => (state === "ALARM" ? name : []));
}

function alarmIs({ laptop }: Scene, alarm: string, state: string): Promise<unknown> {
  const isThere = () =>
    laptop.alarms.all().some((each) => shortName(each.name) === alarm && each.state === state);
  return eventually(`the alarm ${alarm} to be ${state}`, isThere, MAX_MILLISECONDS);
}

function shortName(alarm: string): string {
  return alarm.replace("order-processing-dev-", "");
}

function secondsSince(time: number): number {
  return (Date.now() - time) / 1000;
}
