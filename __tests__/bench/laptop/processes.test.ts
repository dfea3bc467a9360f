import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { findProcess, totalOf, usageOf } from "../../../bench/laptop/processes";

const directory = mkdtempSync(path.join(tmpdir(), "order-processing-processes-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** Uses a core until it has used this much, and then waits. */
const BUSY =
  "while (process.cpuUsage().user < 300_000); process.send({}); process.on('message', () => {});";

describe("what processes have used", () => {
  it("is told by function, with all descendants", async () => {
    const file = path.join(directory, "busy.js");
    writeFileSync(file, BUSY);
    const child = fork(file, [], {
      env: { ...process.env, AWS_LAMBDA_FUNCTION_NAME: "create-order" },
    });
    try {
      await once(child, "message");
      const usage = usageOf(process.pid);
      const { processes, cpuMilliseconds, rss, pss } = usage["create-order"] ?? totalOf({});
      expect(processes).toBe(1);
      expect(cpuMilliseconds).toBeGreaterThanOrEqual(290);
      expect(rss).toBeGreaterThanOrEqual(pss);
      expect(pss).toBeGreaterThan(5);
      expect(totalOf(usage).cpuMilliseconds).toBeGreaterThan(cpuMilliseconds);
      expect(findProcess(process.pid, "/busy.js")).toBe(child.pid);
    } finally {
      child.kill("SIGKILL");
    }
  });

  it("is refused of a file that nobody runs", () => {
    expect(() => findProcess(process.pid, "/nobody.ts")).toThrow("no process runs /nobody.ts");
  });
});
