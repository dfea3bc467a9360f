import { readFileSync } from "node:fs";
import * as path from "node:path";
import { create, defaulted, nullable, record, string, type, unknown } from "superstruct";
import { parse } from "yaml";
import { parseConfig, type StackConfig } from "../../../infra/config";

const stackFile = type({ config: defaulted(nullable(record(string(), unknown())), {}) });

/** Of infra/config.ts; others may be encrypted, and only Pulumi has the key. */
const COMPARED = ["aws:region", "order-processing:processing", "order-processing:alarms"];

/** What the config of a stack in this checkout wants, complete with its defaults. */
export function seeWanted(directory: string, stack: string): StackConfig {
  const text = readFileSync(path.join(directory, `Pulumi.${stack}.yaml`), "utf8");
  const stored = create(parse(text) ?? {}, stackFile).config ?? {};
  const all = COMPARED.flatMap((key) => {
    const value = withoutSubscriptions(stored[key]);
    return value === undefined ? [] : [[key, textOf(value)]];
  });
  return parseConfig(Object.fromEntries(all) as Record<string, string>);
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
