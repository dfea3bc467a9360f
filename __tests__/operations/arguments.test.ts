import * as doctor from "../../operations/doctor/arguments";
import * as logs from "../../operations/logs/arguments";
import * as smoke from "../../operations/smoke/arguments";

const ORDER_ID = "0b7c2f6e-4a8e-4f1d-9a51-2f0d6a1c9e77";
const names = { kind: "stack", stack: "dev" };

describe("the arguments of an operator's command", () => {
  it("have defaults", () => {
    expect(doctor.parseArguments([])).toEqual({ json: false, clearHints: false, names });
    expect(smoke.parseArguments([])).toEqual({ timeoutSeconds: 60, names });
    expect(logs.parseArguments([ORDER_ID])).toEqual({
      command: { kind: "order", orderId: ORDER_ID },
      since: 3_600_000,
      names,
    });
  });

  it("say what is to be done, and on which stack", () => {
    const prod = { kind: "stack", stack: "prod" };
    expect(doctor.parseArguments(["--json", "--clear-hints", "--stack", "prod"])).toEqual({
      json: true,
      clearHints: true,
      names: prod,
    });
    expect(smoke.parseArguments(["--timeout", "5", "--endpoint", "http://localhost:1/x"])).toEqual({
      timeoutSeconds: 5,
      names: { kind: "laptop", endpoint: "http://localhost:1" },
    });
    expect(logs.parseArguments(["--match", "no such", "--since", "3h"])).toEqual({
      command: { kind: "match", text: "no such" },
      since: 3 * 3_600_000,
      names,
    });
  });

  const either = "it takes one order id, or --match <text>";
  it.each([
    [doctor.parseArguments, "x", /^Unexpected argument 'x'/],
    [doctor.parseArguments, "--clear", /^Unknown option '--clear'/],
    [doctor.parseArguments, "--stack a --outputs b", "one of --stack, --endpoint and --outputs"],
    [smoke.parseArguments, "--timeout 1.5", "--timeout takes a number from 0 to 3600, not 1.5"],
    [logs.parseArguments, "--since 1h", either],
    [logs.parseArguments, `${ORDER_ID} --match x`, either],
    [logs.parseArguments, `${ORDER_ID} ${ORDER_ID}`, either],
    [logs.parseArguments, "--match=", "--match takes a text"],
    [logs.parseArguments, "abc", "abc is not an order's id"],
    [logs.parseArguments, `${ORDER_ID} --since 5`, "--since takes an age such as 90min, 2h or 3d"],
  ])("are refused in a sentence: %p %s", (parse, args, sentence) => {
    expect(() => parse(args.split(" "))).toThrow(sentence);
  });

  it.each([
    ["doctor", doctor, "clear-hints json"],
    ["logs", logs, "match since"],
    ["smoke", smoke, "timeout"],
  ])("are all explained: %s", (_name, { HELP, parseArguments }, options) => {
    expect(parseArguments(["--help"])).toBeUndefined();
    for (const option of `${options} stack endpoint outputs help`.split(" ")) {
      expect(HELP).toContain(` --${option} `);
    }
  });
});
