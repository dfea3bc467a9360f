const { readFileSync } = require("node:fs");

/** What starts a laptop stack, whose processes want the cores and whose timeouts are real ones. */
const STARTS_A_STACK =
  /\b(?:startLaptop|startStack|startCountedStack|startProgram|runMatrix|runLoad|runExample|rehearse|spawn|startIn|measureFunctions)\(/;

/** Those of them that look at how long something takes, or do very much at a time. */
const ALONE = /(?:failures|faults|faults-under-load)\.test\.ts$/;

/** Those that drive a browser, which not every machine has. */
const BROWSER = /__tests__\/browser\//;

function kindOf(path) {
  if (BROWSER.test(path)) return "browser";
  if (!STARTS_A_STACK.test(readFileSync(path, "utf8"))) return "unit";
  return ALONE.test(path) ? "alone" : "stack";
}

/**
 * A jest filter for tests of one kind. They run beside their own kind only: those that want all cores ("unit"),
 * those with a stack ("stack"), those that want the machine to themselves ("alone"), and "browser".
 */
module.exports = function only(kind) {
  return (paths) => ({ filtered: paths.filter((path) => kindOf(path) === kind) });
};
