import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { measureFunctions } from "../../../bench/functions/measure";
import { functionsReport } from "../../../bench/functions/report";
import { FUNCTIONS } from "../../support/function-names";

const PROJECT = path.join(__dirname, "..", "..", "..");
const HERE = { name: "here", path: process.execPath };
const NOWHERE = { name: "nowhere", path: undefined };
const samples = { inits: 1, warmUp: 2, rounds: 2, invocations: 3 };

const spread = {
  median: expect.any(Number),
  min: expect.any(Number),
  max: expect.any(Number),
};
const init = { wallMilliseconds: spread, cpuMilliseconds: spread };
const warm = (...calls: string[]) => ({
  calls,
  cpuMilliseconds: spread,
  floorCpuMilliseconds: spread,
  ratio: spread,
  floorInit: init,
});
const WARM: Record<string, object> = {
  "create-order": warm("dynamodb:PutItem", "sqs:SendMessage"),
  "get-order": warm("dynamodb:GetItem"),
  "process-order": warm(
    ...["dynamodb:UpdateItem", "dynamodb:UpdateItem", "sns:Publish", "dynamodb:UpdateItem"],
  ),
};

describe("the bench of the functions", () => {
  it("measures each archive, and three invocations against the calls that they make", async () => {
    const lines: string[] = [];

    const result = await measureFunctions({
      directory: PROJECT,
      nodes: [HERE, NOWHERE],
      samples,
      progress: (line) => lines.push(line),
    });

    expect(result.archives.map(({ name }) => name)).toEqual(FUNCTIONS);
    for (const { zippedBytes, unzippedBytes } of result.archives) {
      expect(zippedBytes).toBeGreaterThan(100_000);
      expect(unzippedBytes).toBeGreaterThan(zippedBytes);
    }
    expect(result.nodes).toEqual([
      {
        name: "here",
        version: process.version,
        functions: FUNCTIONS.map((name) => {
          const figures = WARM[name];
          return figures ? { name, init, warm: figures } : { name, init };
        }),
      },
      { name: "nowhere", version: undefined, functions: [] },
    ]);
    expect(result.samples).toEqual(samples);
    expect(lines).toHaveLength(5);

    const report = functionsReport(result);
    expect(report).toContain("| function | zipped KB | unzipped KB | init, Node here | init, Node");
    expect(report).toMatch(/\| create-order \| dynamodb:PutItem, sqs:SendMessage \| here \| \d/);
    expect(report).toContain("| – | – | nowhere | absent | absent | absent |");
  }, 120_000);

  it("names what a directory without a program lacks", async () => {
    const directory = mkdtempSync(path.join(tmpdir(), "order-processing-bench-"));
    try {
      const measured = measureFunctions({ directory, nodes: [HERE], progress: () => undefined });
      await expect(measured).rejects.toThrow(`there is no Pulumi.yaml in ${directory}`);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
