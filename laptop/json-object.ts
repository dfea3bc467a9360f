import { define } from "superstruct";

/** What JSON has as an object. Its fields are not looked at one by one, as `record(string(), unknown())` does. */
export const jsonObject = define<Record<string, unknown>>(
  "object",
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
);
