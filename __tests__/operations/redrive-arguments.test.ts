import { formatAge, formatDue, parseAge } from "../../operations/ages";
import { HELP, parseArguments } from "../../operations/redrive/arguments";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const commandOf = (...args: string[]) => parseArguments(args).command;
const targetOf = (...args: string[]) => parseArguments(args).target;

describe("the arguments of npm run redrive", () => {
  it("say what is to be done", () => {
    expect(commandOf()).toEqual({ kind: "failed", failedBetween: {} });
    expect(commandOf("--older-than", "2h")).toEqual({
      kind: "failed",
      failedBetween: { olderThan: 2 * HOUR },
    });
    expect(commandOf("--open")).toEqual({ kind: "open" });
    expect(commandOf("a", "b", "--dry-run")).toEqual({
      kind: "named",
      orderIds: ["a", "b"],
      dryRun: true,
    });
    expect(commandOf("--all", "--newer-than", "3d", "--older-than", "90min", "--yes")).toEqual({
      kind: "all",
      failedBetween: { newerThan: 3 * DAY, olderThan: 90 * MINUTE },
      dryRun: false,
      yes: true,
    });
  });

  it("say whose orders", () => {
    expect(targetOf()).toEqual({ kind: "stack", stack: "dev" });
    expect(targetOf("--stack", "prod")).toEqual({ kind: "stack", stack: "prod" });
    expect(targetOf("--table", "t", "--queue-url", "q", "--region", "r")).toEqual({
      kind: "names",
      tableName: "t",
      queueUrl: "q",
      region: "r",
    });
    expect(targetOf("--endpoint", "http://127.0.0.1:3000/dev/")).toEqual({
      kind: "laptop",
      endpoint: "http://127.0.0.1:3000",
    });
    expect(targetOf("--outputs", "o.json")).toEqual({ kind: "outputs", file: "o.json" });
  });

  const limits = "--newer-than and --older-than limit --all and the list of FAILED orders only";
  const either = "either a stack or --table, --queue-url and --region";
  const together = "--table, --queue-url and --region go together";
  it.each([
    ["--all x", "either --all or order ids, not both"],
    ["--open --all", "--open only lists: leave --all and order ids out"],
    ["--open x", "--open only lists: leave --all and order ids out"],
    ["--open --newer-than 2h", limits],
    ["x --older-than 2h", limits],
    ["--yes", "--yes answers the question of --all, and nothing else asks one"],
    ["x --yes", "--yes answers the question of --all, and nothing else asks one"],
    ["--dry-run", "--dry-run goes with order ids or --all: a list changes nothing"],
    ["--open --dry-run", "--dry-run goes with order ids or --all: a list changes nothing"],
    ["--newer-than 2", "--newer-than takes an age such as 90min, 2h or 3d, not 2"],
    ["--older-than 1.5h", "--older-than takes an age such as 90min, 2h or 3d, not 1.5h"],
    [
      "--newer-than 2h --older-than 120min",
      "no order is both older than 120min and newer than 2h: swap the two ages",
    ],
    ["--history", "--history takes order ids, and nothing else"],
    ["--history --dry-run x", "--history takes order ids, and nothing else"],
    ["--table t", together],
    ["--queue-url q --region r", together],
    ["--table t --queue-url q --region r --stack dev", either],
    ["--endpoint http://127.0.0.1 --table t", either],
    [
      "--endpoint http://127.0.0.1 --stack dev",
      "one of --stack, --endpoint and --outputs says which stack",
    ],
    [
      "--endpoint 127.0.0.1:3000",
      "--endpoint takes a URL such as http://127.0.0.1:3000, not 127.0.0.1:3000",
    ],
  ])("are refused in a sentence: %s", (args, sentence) => {
    expect(() => parseArguments(args.split(" "))).toThrow(new Error(sentence));
  });

  it("that are unknown or without their value are refused", () => {
    expect(() => parseArguments(["--foo"])).toThrow("Unknown option '--foo'");
    expect(() => parseArguments(["--stack"])).toThrow("argument missing");
  });

  it("are all explained", () => {
    const { help } = parseArguments(["--help"]);
    expect(help).toBe(true);
    for (const name of "open history all newer-than older-than yes dry-run stack table".split(
      " ",
    )) {
      expect(HELP).toContain(`--${name} `);
    }
    for (const name of "queue-url region endpoint outputs help".split(" ")) {
      expect(HELP).toContain(`--${name} `);
    }
  });
});

describe("an age", () => {
  it("is a number and a unit", () => {
    expect(["45s", "90min", "90m", "2h", "3d"].map(parseAge)).toEqual([
      45_000,
      90 * MINUTE,
      90 * MINUTE,
      2 * HOUR,
      3 * DAY,
    ]);
    expect(["", "2", "h", "-2h", "2 h", "2mi", "2hours"].map(parseAge)).toEqual(
      Array(7).fill(undefined),
    );
  });

  it("is written in its largest unit", () => {
    const written = [-5, 999, 59_999, MINUTE, HOUR - 1, 25 * HOUR].map(formatAge);
    expect(written).toEqual(["0 s", "0 s", "59 s", "1 min", "59 min", "1 d"]);
    expect([formatDue(HOUR, 0), formatDue(0, HOUR), formatDue(5, 5)]).toEqual([
      "in 1 h",
      "overdue 1 h",
      "overdue 0 s",
    ]);
  });
});
