const { mkdtempSync } = require("node:fs");
const { tmpdir } = require("node:os");
const path = require("node:path");

/** A folder for the program's evaluations, which the test files of one run share. */
module.exports = function makeFolder() {
  process.env.EVALUATIONS = mkdtempSync(path.join(tmpdir(), "order-processing-evaluations-"));
};
