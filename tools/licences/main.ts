import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { runCommand } from "../../command-line/run-command";
import { bundledPackages } from "./bundled-packages";
import { licencesPage } from "./licences";
import { readLockFile } from "./lock-file";

const PROJECT = path.join(__dirname, "..", "..");

runCommand(async () => {
  const locked = readLockFile(readFileSync(path.join(PROJECT, "package-lock.json"), "utf8"));
  const page = licencesPage(locked, await bundledPackages());
  writeFileSync(path.join(PROJECT, "docs", "licences.md"), page);
  return true;
});
