import { formatAge } from "../../ages";
import type { Stack } from "../../target/stack";
import type { Finding } from "../findings";
import type { AlarmSeen } from "../observations";

type OfStack = Pick<Stack, "prefix"> & { outputs: Pick<Stack["outputs"], "functionNames"> };

/** `wanted`: whether there should be alarms at all. */
export function checkAlarms(
  alarms: AlarmSeen[],
  stack: OfStack,
  wanted: boolean,
  now: number,
): Finding[] {
  if (alarms.length === 0) {
    return wanted
      ? [{ level: "warning", text: "there are no alarms, and there should be", todo: "pulumi up" }]
      : [{ level: "ok", text: "alarms are turned off (alarms.enabled)" }];
  }
  const alarming = alarms.filter(({ state }) => state === "ALARM");
  const silent = alarms.filter(({ state }) => state === "INSUFFICIENT_DATA").length;
  const rest = silent === 0 ? "" : `, ${silent} without data yet`;
  if (alarming.length === 0) {
    return [{ level: "ok", text: `${alarms.length} alarms, none in ALARM${rest}` }];
  }
  return alarming.map(({ name, description, since }) => ({
    level: "bad",
    text: `${shortName(name, stack)} is in ALARM for ${formatAge(now - since)}: ${sentence(description)}`,
    runbook: sectionOf(shortName(name, stack), stack),
  }));
}

/** Without the link to the runbook, which the finding has. */
function sentence(description: string): string {
  return description.slice(0, description.lastIndexOf(". ") + 1) || description;
}

function shortName(name: string, { prefix }: OfStack): string {
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}

/** The alarms of each function have one section together: `create-order-errors` is in `function-errors`. */
function sectionOf(name: string, { outputs }: OfStack): string {
  const ofFunction = Object.keys(outputs.functionNames).find((each) => name.startsWith(`${each}-`));
  return ofFunction === undefined ? name : `function${name.slice(ofFunction.length)}`;
}
