import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { keepSourceMap } from "../../../laptop/inspect/source-maps";
import { withFreePort } from "../../../laptop/inspection";
import { unpack } from "../../../laptop/lambda/archive";
import {
  type LambdaFunction,
  makeLambdaFunction,
} from "../../../laptop/lambda/execution-environments";
import { inspectedFunction } from "../../../laptop/lambda/inspected-function";
import { makeTraces } from "../../../laptop/traces/traces";

const FILE = "__index.js";
/** Answers with its process, and how many events that is at. */
const HANDLER = `let running = 0;
exports.handler = async () => {
  running += 1;
  await new Promise((resolve) => setTimeout(resolve, 50));
  return { pid: process.pid, running: running-- };
};`;

describe("a function that is inspected", () => {
  const directory = mkdtempSync(path.join(tmpdir(), "order-processing-inspected-"));
  let inspected: LambdaFunction;

  beforeAll(async () => {
    const inspection = await withFreePort({ function: "tested", port: 0 });
    unpack(directory, { [FILE]: HANDLER });
    const spec = {
      directory,
      memoryMegabytes: 128,
      timeoutMilliseconds: 1,
      environment: { _HANDLER: "__index.handler", LAMBDA_TASK_ROOT: directory },
      inspectPort: inspection.port,
    };
    const log = { group: "tested-log", write: () => undefined };
    inspected = inspectedFunction(
      makeLambdaFunction("tested", spec, log, makeTraces(), () => undefined),
      { ...inspection, mapsDirectory: directory },
    );
  });
  afterAll(async () => {
    await inspected.stop();
    rmSync(directory, { recursive: true });
  });

  it("takes its events one by one, in one process, beyond its timeout", async () => {
    const results = await Promise.all(
      [1, 2, 3].map(() => inspected.invoke({}, { source: "test" })),
    );
    const values = results.map((result) => (result.ok ? result.json : result.error));
    expect(new Set(values).size).toBe(1);
    expect(JSON.parse(values[0] ?? "")).toEqual({ pid: expect.any(Number), running: 1 });
  });

  it("has the source map of its new code too", async () => {
    const text = "exports.handler = async () => 1;\n";
    keepSourceMap(directory, text, { version: 3 });
    await inspected.updateCode({ [FILE]: text });
    const loaded = readFileSync(path.join(directory, FILE), "utf8");
    expect(loaded.startsWith(`${text}\n//# sourceMappingURL=data:application/json;`)).toBe(true);
    expect(await inspected.invoke({}, { source: "test" })).toEqual({ ok: true, json: "1" });
  });
});
