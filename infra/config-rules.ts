import { defaulted, define, type Failure, object, type Struct } from "superstruct";

/** An object whose missing keys have these defaults. */
export function withDefaults<S extends Parameters<typeof object>[0]>(defaults: object, schema: S) {
  return defaulted(object(schema), defaults);
}

export function wholeNumber(unit: string, min: number, max: number): Struct<number, null> {
  return rule<number>(
    (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
    `a whole number of ${unit} from ${min} to ${max}`,
  );
}

export function boolean(): Struct<boolean, null> {
  return rule<boolean>((value) => typeof value === "boolean", "true or false");
}

export function oneOf(values: string[]): Struct<string, null> {
  return rule<string>(
    (value) => typeof value === "string" && values.includes(value),
    `one of ${values.join(", ")}`,
  );
}

export function text(): Struct<string, null> {
  return rule<string>((value) => typeof value === "string" && value !== "", "a non-empty string");
}

/** `expected` completes the sentence "The key must be …". */
export function rule<T>(test: (value: unknown) => boolean, expected: string): Struct<T, null> {
  return define<T>("rule", (value) => test(value) || expected);
}

/** What is wrong with a key. `known` are the keys that it could have been. */
export function sentence(
  key: string,
  { type, refinement, message }: Failure,
  known: string[],
): string {
  if (refinement !== undefined) return `${key} must be ${message}.`;
  switch (type) {
    case "never":
      return `${key} is not a config key of this stack. Known here: ${known.join(", ")}.`;
    case "object":
      return `${key} must be an object.`;
    case "array":
      return `${key} must be a list.`;
    default:
      return `${key} must be ${message}.`;
  }
}
