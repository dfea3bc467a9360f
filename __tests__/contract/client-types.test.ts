import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import { FILE } from "../support/contract/document";

const PROJECT = path.dirname(FILE);

describe("npm run -s client:types", () => {
  it("prints what is in examples/client-types.ts", async () => {
    const { stdout } = await promisify(execFile)("npm", ["run", "-s", "client:types"], {
      cwd: PROJECT,
    });
    expect(stdout).toBe(await readFile(path.join(PROJECT, "examples", "client-types.ts"), "utf8"));
  });
});
