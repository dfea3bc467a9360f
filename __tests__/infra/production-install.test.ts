import { execFileSync } from "node:child_process";
import * as path from "node:path";

describe("npm ci where NODE_ENV is production", () => {
  it("installs what pulumi up needs all the same: esbuild, typescript, ts-node", () => {
    const included = execFileSync("npm", ["config", "get", "include"], {
      cwd: path.join(__dirname, "..", ".."),
      env: { ...process.env, NODE_ENV: "production" },
      encoding: "utf8",
    });
    expect(included.trim()).toBe("dev");
  });
});
