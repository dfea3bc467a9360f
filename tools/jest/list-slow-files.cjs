// npm test 2>&1 | node tools/jest/list-slow-files.cjs: makes slow-files.json of the times that jest prints.
const { readFileSync, writeFileSync } = require("node:fs");
const path = require("node:path");

const log = readFileSync(0, "utf8");
process.stdout.write(log);
const times = [...log.matchAll(/^PASS (\S+) \((\d+(?:\.\d+)?) s\)$/gm)];
const files = times.sort(([, , a], [, , b]) => b - a).map(([, file]) => file);
if (files.length === 0 || /^FAIL /m.test(log)) throw new Error("not all tests have passed");
writeFileSync(path.join(module.path, "slow-files.json"), `${JSON.stringify(files, null, 2)}\n`);
