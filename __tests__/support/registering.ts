import type { Provider } from "../../laptop/program/provider";
import { createResource } from "../../laptop/program/registry";

/** Registers resources with some of the laptop's providers, as a program does. */
export function registering(providers: Record<string, Provider>) {
  const warnings: string[] = [];
  const create = (type: string, name: string, inputs: Record<string, unknown>) =>
    createResource(providers, { type, name, custom: true, inputs }, (text) => {
      warnings.push(text);
    });
  return { create, warnings };
}
