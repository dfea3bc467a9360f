import { madeOnce } from "../../infra/made-once";

/** As Pulumi writes it. */
function serialised(name: string, captured: string, body: string, end = "undefined, undefined") {
  return `
function ${name}(__0) {
  return (function() {
    with({ ${captured}this: undefined, arguments: undefined }) {

return ${body};

    }
  }).apply(${end}).apply(this, arguments);
}
`;
}

function run(closure: string, expression: string): unknown {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- that is what Lambda does with it
  return (new Function(`${closure}\nreturn ${expression};`) as () => unknown)();
}

const ADDER = serialised("__add", "one: __one, ", "function (n) { return n + one.value; }");
const ONE = "var __one = { value: 1 };";

describe("a serialised closure", () => {
  it("gives the same as before", () => {
    const once = madeOnce(ONE + ADDER);
    expect(once).not.toContain("with(");
    expect(run(ONE + ADDER, "[__add(2), __add(3), __add.length]")).toEqual([3, 4, 1]);
    expect(run(once, "[__add(2), __add(3), __add.length]")).toEqual([3, 4, 1]);
  });

  it("makes a function by its first call, once", () => {
    const made = "(count.value += 1, function () { return count.value; })";
    const closure = `var __count = { value: 0 };${serialised("__counted", "count: __count, ", made)}`;
    expect(run(closure, "[__count.value, __counted(), __counted()]")).toEqual([0, 1, 2]);
    expect(run(madeOnce(closure), "[__count.value, __counted(), __counted()]")).toEqual([0, 1, 1]);
  });

  it("hands on whom it is called on", () => {
    const once = madeOnce(serialised("__own", "", "function () { return this.value; }"));
    expect(once).not.toContain("with(");
    expect(run(once, "__own.call({ value: 5 })")).toBe(5);
  });

  it("has functions that call each other", () => {
    const once = madeOnce(
      serialised("__even", "odd: __odd, ", "function (n) { return n === 0 || odd(n - 1); }") +
        serialised("__odd", "even: __even, ", "function (n) { return n > 0 && even(n - 1); }"),
    );
    expect(once).not.toContain("with(");
    expect(run(once, "[__even(10), __even(11)]")).toEqual([true, false]);
  });

  it("may capture texts that look like code", () => {
    const body = "function () { return JSON.stringify([text, count]); }";
    const captured = 'text: "a \\", JSON: __x, ", count: -1, ';
    const once = madeOnce(serialised("__texts", captured, body));
    expect(once).not.toContain("with(");
    expect(run(once, "__texts()")).toBe('["a \\", JSON: __x, ",-1]');
  });

  it("keeps what is between its functions, and a function that is bound to something", () => {
    const bound = serialised("__bound", "", "() => this", "__one, undefined");
    const between = 'var __two = "with({ this: undefined })";';
    const once = madeOnce(ONE + bound + between + ADDER + "exports.handler = __add;");
    expect(once.startsWith(ONE + bound + between)).toBe(true);
    expect(once.endsWith("exports.handler = __add;")).toBe(true);
    expect(run(`var exports = {};${once}`, "[exports.handler(2), __two.length]")).toEqual([3, 25]);
  });

  it("keeps a function that captures what is not given as name and value", () => {
    const spread = serialised("__spread", "...__one, ", "function () { return value; }");
    expect(madeOnce(ONE + spread)).toBe(ONE + spread);
  });
});
