import { parseFilterPattern } from "../../../laptop/cloudwatch/filter-pattern";

const ENTRY = JSON.stringify({
  level: "ERROR",
  orderId: "o-1",
  attempt: 2,
  status: "429",
  quoted: 'a "b"',
  error: { name: "TypeError" },
});

function isMatch(pattern: string, message = ENTRY): boolean | string {
  const parsed = parseFilterPattern(pattern);
  return parsed.ok ? parsed.matches(message) : parsed.problem;
}

describe("a filter pattern", () => {
  it.each([
    ["", true],
    ['{ $.orderId = "o-1" }', true],
    ['{$.orderId="o-2"}', false],
    ['{ $.orderId = "o-1" && $.attempt = 2 }', true],
    ['{ $.orderId = "o-1" && $.attempt = 3 }', false],
    ["{ $.level = ERROR }", true],
    ["{ $.error.name = TypeError }", true],
    ['{ $.quoted = "a \\"b\\"" }', true],
    ["{ $.status = 429 }", false],
    ['{ $.attempt = "2" }', false],
    ["{ $.missing.field = 1 }", false],
    ['"orderId"', true],
    ['"orderId" TypeError', true],
    ['"orderId" RangeError', false],
  ])("%s matches an entry: %s", (pattern, expected) => {
    expect(isMatch(pattern)).toBe(expected);
  });

  it.each(["plain text", "[1]", "{", "null"])("on fields does not match %s", (message) => {
    expect(isMatch('{ $.orderId = "o-1" }', message)).toBe(false);
  });

  it.each([
    '{ $.orderId = "o-1" || $.attempt = 2 }',
    "{ $.attempt > 1 }",
    '{ $.orderId = "o-*" }',
    "{ $.orderId }",
    "{ }",
    "[ip, user]",
    "?ERROR",
    "-ERROR",
    '"not closed',
  ])("that the laptop does not know is refused: %s", (pattern) => {
    expect(isMatch(pattern)).toMatch(/^the laptop knows filter patterns such as .*, not /);
  });
});
