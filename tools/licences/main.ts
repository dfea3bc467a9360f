import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { licencesPage } from "./licences";
import { readLockFile } from "./lock-file";

const PROJECT = path.join(__dirname, "..", "..");

const lockFile = readFileSync(path.join(PROJECT, "package-lock.json"), "utf8");
writeFileSync(path.join(PROJECT, "docs", "licences.md"), licencesPage(readLockFile(lockFile)));
