import type { Json } from "./order";

/**
 * What a run of the business step, or of its undo, has left in the table: a step's result, or until when it
 * waits (`until`, milliseconds since 1970). Found again by name.
 */
export type Kept = { name: string; at: string } & (
  { kind: "step" | "undo"; result?: Json } | { kind: "wait"; until: number }
);

/** Of an item's 400 KB; an order's JSON, its history and the rest take less than the other 320 KiB. */
export const MAX_KEPT_BYTES = 64 * 1024;
/** The undo's own: an order whose steps have filled their room must be undone all the same. */
export const MAX_UNDO_BYTES = 16 * 1024;

/** A result as JSON keeps it, or why it cannot. */
export type KeepableResult = { ok: true; value: Json | undefined } | { ok: false; detail: string };

export function keepable(result: unknown): KeepableResult {
  if (result === undefined) return { ok: true, value: undefined };
  const problem = problemOf(result, "", []);
  if (problem !== undefined) return { ok: false, detail: problem };
  return { ok: true, value: JSON.parse(JSON.stringify(result)) as Json };
}

/** Undefined properties are left out, as JSON does. Whatever else JSON would change is refused. */
function problemOf(value: unknown, pointer: string, parents: unknown[]): string | undefined {
  const at = pointer === "" ? "it" : pointer;
  if (value === null || typeof value === "string" || typeof value === "boolean") return undefined;
  if (typeof value === "number") return Number.isFinite(value) ? undefined : `${at} is not finite`;
  if (typeof value !== "object") return `${at} is a ${typeof value}`;
  if (parents.includes(value)) return `${at} contains itself`;
  if (!Array.isArray(value) && !isPlain(value)) return `${at} is a ${value.constructor.name}`;
  if (Array.isArray(value) && value.includes(undefined)) return `${at} contains undefined`;
  for (const [name, child] of Object.entries(value)) {
    const problem =
      child === undefined ? undefined : problemOf(child, `${pointer}/${name}`, [...parents, value]);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

export function keptAs(kept: Kept[], name: string): Kept | undefined {
  return kept.find((each) => each.name === name);
}

export function hasRoom(kept: Kept[], next: Kept): boolean {
  const isOfUndo = ({ kind }: Kept) => kind === "undo";
  const others = kept.filter(
    (each) => each.name !== next.name && isOfUndo(each) === isOfUndo(next),
  );
  const texts = [...others, next].map((each) => JSON.stringify(each));
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) <= roomOf(next);
}

/** In bytes, with all others of its kind. */
export function roomOf({ kind }: Kept): number {
  return kind === "undo" ? MAX_UNDO_BYTES : MAX_KEPT_BYTES;
}
