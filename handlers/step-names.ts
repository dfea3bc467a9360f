import type { Kept } from "./kept";

export const MAX_NAME_LENGTH = 64;
const KINDS = { step: "a step", wait: "a wait", undo: "a step of the undo" };

/** What a run has done so far. */
interface SoFar {
  /** The step or wait that has begun, and is not over. */
  underWay: string | undefined;
  used: string[];
  /** What is kept by this name. */
  known: Kept | undefined;
}

/** Why a step or wait of this name may not begin now; undefined where it may. */
export function misuseOf(
  name: string,
  as: Kept["kind"],
  { underWay, used, known }: SoFar,
): string | undefined {
  if (typeof name !== "string" || name === "" || name.length > MAX_NAME_LENGTH) {
    return `the name of a step or wait must have 1 to ${MAX_NAME_LENGTH} characters`;
  }
  if (underWay !== undefined) {
    return `"${name}" was begun while "${underWay}" was under way: await one before the next`;
  }
  if (used.includes(name)) return `the name "${name}" is used twice in one run`;
  if (known === undefined || known.kind === as) return undefined;
  return `"${name}" is kept as ${KINDS[known.kind]}, and was to be ${KINDS[as]}: use another name`;
}
