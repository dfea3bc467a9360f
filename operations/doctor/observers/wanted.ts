import { readFileSync } from "node:fs";
import * as path from "node:path";
import { create, defaulted, nullable, record, string, type, unknown } from "superstruct";
import { parse } from "yaml";
import type { StackConfig } from "../../../infra/config";
import type { Wanted } from "../observations";

const stackFile = type({ config: defaulted(nullable(record(string(), unknown())), {}) });

/** Of infra/config.ts; others may be encrypted, and only Pulumi has the key. */
const COMPARED = ["aws:region", "order-processing:processing", "order-processing:alarms"];

/** What the config of a stack in this checkout wants, complete with its defaults. */
export async function seeWanted(directory: string, stack: string): Promise<Wanted> {
  const text = readFileSync(path.join(directory, `Pulumi.${stack}.yaml`), "utf8");
  const stored = create(parse(text) ?? {}, stackFile).config ?? {};
  const all = COMPARED.flatMap((key) => {
    const value = withoutSubscriptions(stored[key]);
    return value === undefined ? [] : [[key, textOf(value)]];
  });
  // Loads Pulumi's SDK, which takes a second.
  const { parseConfig } = await import("../../../infra/config");
  const config = parseConfig(Object.fromEntries(all) as Record<string, string>);
  return config as StackConfig & Pick<Wanted, "alarms">;
}

/** Their endpoints may be encrypted. */
function withoutSubscriptions(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== "subscriptions"));
}

/** As Pulumi hands config over. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
