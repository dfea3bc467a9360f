import { enums, number, object, string, type Struct, validate } from "superstruct";
import { SERVICES } from "../aws-call";
import { OUTAGE_FAULTS, type OutageKind } from "../endpoint/outages";
import { commandsOf, runProgramCommand } from "./commands";
import { type ConsoleStack, Refusal } from "./console-stack";

/** A day. */
const MAX_OUTAGE_SECONDS = 86_400;

const outageStruct = object({
  service: enums(SERVICES),
  kind: enums(Object.keys(OUTAGE_FAULTS) as OutageKind[]),
  seconds: number(),
});

export function startOutage({ outages }: ConsoleStack, body: unknown) {
  const outage = read(body, outageStruct);
  if (!(outage.seconds > 0 && outage.seconds <= MAX_OUTAGE_SECONDS)) {
    throw new Refusal(400, `seconds must be more than 0, and at most ${MAX_OUTAGE_SECONDS}`);
  }
  outages.start(outage);
  return {};
}

export function endOutage({ outages }: ConsoleStack, name: string) {
  const service = SERVICES.find((each) => each === name);
  if (!service) throw new Refusal(404, `there is no service ${name}`);
  outages.end(service);
  return {};
}

const killStruct = object({ function: string(), pid: number() });

export async function kill({ functions }: ConsoleStack, body: unknown) {
  const { function: name, pid } = read(body, killStruct);
  const target = [...functions.byArn.values()].find((each) => each.name === name);
  const environment = target?.environments().find((each) => each.pid === pid);
  if (!target || !environment) throw new Refusal(404, `${name} has no environment ${pid}`);
  await target.kill(environment.sandboxId);
  return {};
}

export async function runCommand(stack: ConsoleStack, name: string, signal: AbortSignal) {
  const commands = commandsOf(stack.manifest, stack.awsEndpoint());
  const found = commands.find((each) => each.name === name);
  if (!found) throw new Refusal(404, `package.json has no command ${name}`);
  return runProgramCommand(found.command, stack.program.directory, signal);
}

export function forget({ tracing }: ConsoleStack): void {
  tracing.traces.clear();
  tracing.messages.clear();
  tracing.items.clear();
}

function read<T, S>(body: unknown, struct: Struct<T, S>): T {
  const [failure, value] = validate(body, struct);
  if (failure) throw new Refusal(400, failure.message);
  return value;
}
