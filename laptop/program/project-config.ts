import {
  array,
  boolean,
  enums,
  type Infer,
  number,
  object,
  optional,
  record,
  string,
  union,
  unknown,
} from "superstruct";

type Config = Record<string, unknown>;

const typeName = enums(["string", "integer", "boolean", "array", "object"]);
const declaration = object({
  type: optional(typeName),
  items: optional(object({ type: typeName })),
  description: optional(string()),
  secret: optional(boolean()),
  default: optional(unknown()),
  value: optional(unknown()),
});
const plainValue = union([string(), number(), boolean(), array(unknown())]);

/** `config:` of Pulumi.yaml: for each key a value, or a declaration with a type and a default. */
export const projectConfigStruct = record(string(), union([plainValue, declaration]));

type ProjectConfig = Infer<typeof projectConfigStruct>;
type Declaration = Infer<typeof declaration>;

/**
 * A stack's config with the project's below it, as Pulumi merges them ("Project-level configuration"):
 * a key without a namespace is the project's own, and only such a key has a type and a default. Throws at
 * a value of another type, and at a declared key that has no value.
 */
export function mergeConfig(project: string, declared: ProjectConfig, stack: Config): Config {
  const merged = { ...stack };
  for (const [name, given] of Object.entries(declared)) {
    const key = name.includes(":") ? name : `${project}:${name}`;
    const { type, items, ...values }: Partial<Declaration> =
      typeof given === "object" && !Array.isArray(given) ? given : { value: given };
    const isOwn = key.startsWith(`${project}:`);
    if (!isOwn && (type !== undefined || "default" in values)) {
      throw new Error(`Pulumi.yaml: ${key} is not the project's own: it takes a value only`);
    }
    merged[key] ??= values.default ?? values.value;
    if (merged[key] === undefined)
      throw new Error(`${key} has no value, nor a default in Pulumi.yaml`);
    checkType(key, type, items, merged[key]);
  }
  return merged;
}

function checkType(
  key: string,
  type: Partial<Declaration>["type"],
  items: Partial<Declaration>["items"],
  value: unknown,
): void {
  if (type !== undefined && !IS_OF_TYPE[type](value)) {
    throw new Error(`${key} must be of type ${type}, as Pulumi.yaml declares it`);
  }
  for (const item of Array.isArray(value) && items ? value : []) {
    checkType(`an item of ${key}`, items?.type, undefined, item);
  }
}

/** A value as Pulumi hands it to the program. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Pulumi stores scalars as text: "5" is an integer, and 5 a string. */
const IS_OF_TYPE: Record<Infer<typeof typeName>, (value: unknown) => boolean> = {
  string: (value) => typeof value !== "object",
  integer: (value) => /^-?\d+$/.test(textOf(value)),
  boolean: (value) => /^(?:true|false)$/.test(textOf(value)),
  array: Array.isArray,
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
};
