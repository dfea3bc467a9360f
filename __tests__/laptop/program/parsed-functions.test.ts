import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

const PROJECT = path.join(__dirname, "..", "..", "..");
const directory = mkdtempSync(path.join(tmpdir(), "order-processing-parsed-functions-"));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const FUNCTIONS = [
  "function add(a) { return a + b.c.d + typeof e; }",
  "async (order) => save(order, clock.now())",
  "class Order extends Base { constructor() { super(); } }",
  "get status() { return this.kept; }",
];
const MALFORMED = "function (";

/** What Pulumi's parser gives in a process of its own, and how many functions it has parsed for that. */
function start(globals = ""): { results: unknown[]; parsed: number } {
  const script = `
    const pulumis = require("@pulumi/pulumi/runtime/closure/parseFunction");
    const { parseFunction } = pulumis;
    let parsed = 0;
    pulumis.parseFunction = (text) => (parsed++, parseFunction(text));
    const { keepParsedFunctions } = require("./laptop/program/parsed-functions");
    ${globals}
    const save = keepParsedFunctions(${JSON.stringify(directory)});
    const parseAll = () => ${JSON.stringify([...FUNCTIONS, MALFORMED])}.map((text) => pulumis.parseFunction(text));
    parseAll();
    const results = parseAll();
    save();
    const plain = (_key, value) => (value instanceof Map ? [...value] : value);
    process.stdout.write(JSON.stringify({ results, parsed }, plain));`;
  const register = path.join(PROJECT, "command-line", "register-typescript.cjs");
  const options = { cwd: PROJECT, encoding: "utf8" } as const;
  const output = execFileSync("node", ["--require", register, "-e", script], options);
  return JSON.parse(output) as ReturnType<typeof start>;
}

const installed = (text: string) => {
  mkdirSync(path.join(directory, "node_modules"), { recursive: true });
  writeFileSync(path.join(directory, "node_modules", ".package-lock.json"), text);
};

describe("a function that Pulumi serialises", () => {
  it("is parsed once, and not again at the next start, unless it is malformed", () => {
    installed("1");
    const first = start();
    expect(first.parsed).toBe(FUNCTIONS.length + 2);
    const next = start();
    expect(next.results).toEqual(first.results);
    expect(next.parsed).toBe(2);
  });

  it("is parsed anew where other packages are installed", () => {
    installed("2");
    expect(start().parsed).toBe(FUNCTIONS.length + 2);
  });

  it("is parsed anew where there is another global, which it does not capture", () => {
    installed("3");
    expect(JSON.stringify(start().results)).toContain('["save",');
    expect(JSON.stringify(start("globalThis.save = 1;").results)).not.toContain('["save",');
  });
});
