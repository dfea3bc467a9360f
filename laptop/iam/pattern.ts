import { dropOldest } from "../drop-oldest";

/** Policies have a few, which are looked at with each call. */
const MAX_PATTERNS = 1000;
const compiled = new Map<string, RegExp>();

/** `*` stands for any characters, `?` for any one; everything else for itself. */
export function matchesPattern(pattern: string, text: string): boolean {
  return (compiled.get(pattern) ?? compile(pattern)).test(text);
}

function compile(pattern: string): RegExp {
  const source = pattern
    .replaceAll(/[\\^$.|+()[\]{}]/g, String.raw`\$&`)
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const expression = new RegExp(`^${source}$`, "s");
  compiled.set(pattern, expression);
  dropOldest(compiled, MAX_PATTERNS);
  return expression;
}
