import { DEFAULTS, parseConfig } from "../../infra/config";
import { read, rowsOf } from "./project";

const rows = rowsOf(read("docs/configuration.md"), "key", "range", "default").map(
  ([key = "", range = "", value = ""]) => ({
    key: key.replaceAll("`", ""),
    range,
    value: JSON.parse(value.replaceAll("`", "")) as unknown,
  }),
);

function flattened(value: object, prefix = ""): Record<string, unknown> {
  const entries = Object.entries(value).flatMap(([key, each]: [string, unknown]) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.entries(flattened(each, `${prefix}${key}.`))
      : [[`${prefix}${key}`, each] as const],
  );
  return Object.fromEntries(entries);
}

/** The stack's config with this value for a key, as Pulumi hands it over: a structured value is JSON. */
function configWith(key: string, value: unknown): Record<string, string> {
  const [first = "", second] = key.split(".");
  const inRegion = { "aws:region": "eu-west-1" };
  if (second === undefined)
    return { ...inRegion, [`order-processing:${first}`]: JSON.stringify(value) };
  const others = rows.filter((row) => row.key.startsWith(`${first}.`));
  const group = Object.fromEntries(
    others.map((row) => [row.key.slice(first.length + 1), row.value]),
  );
  return {
    ...inRegion,
    [`order-processing:${first}`]: JSON.stringify({ ...group, [second]: value }),
  };
}

describe("docs/configuration.md", () => {
  it("lists every config key with its default", () => {
    const listed = Object.fromEntries(rows.map(({ key, value }) => [key, value]));
    expect(listed).toEqual(flattened(DEFAULTS));
  });

  const ranges = rows.flatMap(({ key, range }) => {
    const [, min, max] = /^(-?[\d,]+) to ([\d,]+)/.exec(range) ?? [];
    return min === undefined || max === undefined
      ? []
      : [{ key, min: Number(min.replaceAll(",", "")), max: Number(max.replaceAll(",", "")) }];
  });

  it.each(ranges)("has the range of $key", ({ key, min, max }) => {
    for (const value of [min, max]) expect(() => parseConfig(configWith(key, value))).not.toThrow();
    for (const value of [min - 1, max + 1]) {
      expect(() => parseConfig(configWith(key, value))).toThrow(`from ${min} to ${max}`);
    }
  });

  it("has a range for every number", () => {
    const numbers = rows.filter(({ value }) => typeof value === "number").map(({ key }) => key);
    expect(ranges.map(({ key }) => key)).toEqual(
      numbers.filter((key) => key !== "logRetentionDays"),
    );
  });
});
