import { isDeepStrictEqual } from "node:util";
import { type Kept, labelOf, OF_ALL_TYPES, type Provider, type Registration } from "./provider";

type Inputs = Registration["inputs"];

/** The names of inputs that are not the same in both. */
export function changedInputs(before: Inputs, after: Inputs): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !isDeepStrictEqual(before[name], after[name])).sort();
}

/** Whether one of these inputs does something on the laptop. */
export function haveEffect(inputs: string[], { withoutEffect }: Provider): boolean {
  return inputs.some((name) => !withoutEffect.includes(name) && !OF_ALL_TYPES.includes(name));
}

/** Such as `queue "orders"`. */
export function nameOf({ type, name }: Registration): string {
  return `${labelOf(type)} "${name}"`;
}

/** What pulumi up would do to a resource that is kept here. `changed`: undefined where it is not registered. */
export function keptSentence(
  registration: Registration,
  changed: string[] | undefined,
  { holds, replacedBy = [] }: Kept,
): string {
  const replaced = changed?.filter((name) => replacedBy.includes(name)) ?? [];
  const lost = holds === undefined ? "" : `, and its ${holds} would be lost`;
  const pulumiUp = !changed
    ? `delete it${lost}`
    : replaced.length > 0
      ? `replace it for ${replaced.join(" and ")}${lost}`
      : `update ${changed.join(" and ")}`;
  return `${nameOf(registration)}: pulumi up would ${pulumiUp}. Here it stays as it is until a restart`;
}
