import * as path from "node:path";
import { HELP, parseArguments } from "../../laptop/arguments";

const outagesOf = (...values: string[]) =>
  parseArguments(values.flatMap((value) => ["--outage", value])).outages;

describe("the arguments of npm start", () => {
  it("are none of them needed", () => {
    expect(parseArguments([])).toMatchObject({
      port: 3000,
      stack: "dev",
      help: false,
      quiet: false,
      outages: [],
    });
    expect(parseArguments([], "0").port).toBe(0);
    expect(parseArguments(["--port", "8080"], "0").port).toBe(8080);
    expect(parseArguments(["--data", "kept"]).data).toBe(path.resolve("kept"));
  });

  it("cut services off, each for as long as it says", () => {
    expect(outagesOf("sqs=25", "dynamodb=0.5")).toEqual([
      { service: "sqs", kind: "cut-off", seconds: 25 },
      { service: "dynamodb", kind: "cut-off", seconds: 0.5 },
    ]);
  });

  it("throttle services, too", () => {
    const { outages } = parseArguments(["--outage", "sqs=1", "--throttle", "sns=2"]);
    expect(outages).toEqual([
      { service: "sqs", kind: "cut-off", seconds: 1 },
      { service: "sns", kind: "throttled", seconds: 2 },
    ]);
  });

  const takes = "--outage takes <service>=<seconds> with dynamodb, sqs or sns, such as sqs=25";
  it.each([
    [["--outage", "s3=25"], `${takes}, not s3=25`],
    [["--outage", "sqs"], `${takes}, not sqs`],
    [["--outage", ""], `${takes}, not `],
    [["--outage", "sqs=soon"], "--outage sqs takes seconds, up to 86400, not soon"],
    [["--outage", "sqs="], "--outage sqs takes seconds, up to 86400, not "],
    [["--outage", "sqs=-1"], "--outage sqs takes seconds, up to 86400, not -1"],
    [["--outage", "sqs=86401"], "--outage sqs takes seconds, up to 86400, not 86401"],
    [["--outage", "sqs=1", "--outage", "sqs=2"], "--outage and --throttle name sqs more than once"],
    [
      ["--outage", "sqs=1", "--throttle", "sqs=2"],
      "--outage and --throttle name sqs more than once",
    ],
    [["--throttle", "sqs=x"], "--throttle sqs takes seconds, up to 86400, not x"],
    [["--port", "65536"], "--port takes a number from 0 to 65535, not 65536"],
    [["--chaos", "2"], "--chaos takes a probability from 0 to 1, not 2"],
    [["--data", ""], "--data takes a folder"],
    [["--seed", "x"], "--seed takes a whole number, not x"],
  ])("are refused in a sentence: %j", (args, message) => {
    expect(() => parseArguments(args)).toThrow(new Error(message));
  });

  it("are all explained", () => {
    const names = [
      "port",
      "stack",
      "chaos",
      "seed",
      "outage",
      "throttle",
      "data",
      "orders",
      "inspect",
      "quiet",
      "help",
    ];
    for (const name of names) expect(HELP).toContain(`  --${name} `);
  });
});
