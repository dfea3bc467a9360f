import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { array, create, string } from "superstruct";

const PROJECT = path.join(__dirname, "..", "..");

describe("tools/jest/slow-files.json", () => {
  it("names test files that exist, each once", () => {
    const text = readFileSync(path.join(PROJECT, "tools", "jest", "slow-files.json"), "utf8");
    const files = create(JSON.parse(text), array(string()));
    expect(files.filter((file) => !existsSync(path.join(PROJECT, file)))).toEqual([]);
    expect(new Set(files).size).toBe(files.length);
  });
});
