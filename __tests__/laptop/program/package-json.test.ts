import { existsSync } from "node:fs";
import * as path from "node:path";
import { copyProject } from "../../../harness/project-copy";
import { readPackageJson } from "../../../laptop/program/package-json";

const PROJECT = path.join(__dirname, "..", "..", "..");

function read(manifest: string) {
  const copy = copyProject({ "package.json": manifest });
  try {
    return readPackageJson(copy.directory);
  } finally {
    copy.remove();
  }
}

describe("what package.json says to the laptop", () => {
  it("names a contract that is there, the route of orders, and commands of the project", () => {
    const { openapi = "", orders, commands } = readPackageJson(PROJECT);
    expect(existsSync(path.join(PROJECT, openapi))).toBe(true);
    expect(orders).toBe("POST /orders");
    expect(commands.map(({ name }) => name)).toEqual(["doctor", "redrive", "smoke"]);
    for (const { name, run } of commands) {
      expect(run).toMatch(`npm run -s ${name} -- `);
      expect(run).toContain("--endpoint {awsEndpoint}");
    }
  });

  it("may be nothing", () => {
    expect(read("{}")).toEqual({ commands: [] });
  });

  it("is refused with the place of what is wrong", () => {
    expect(() => read(`{ "laptop": { "commands": [{ "name": "redrive" }] } }`)).toThrow(
      "package.json: At path: laptop.commands.0.title -- Expected a string, but received: undefined",
    );
    expect(() => read(`{ "laptop": { "console": true } }`)).toThrow("laptop.console");
  });
});
