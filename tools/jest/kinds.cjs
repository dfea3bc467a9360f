const { readFileSync } = require("node:fs");

/** What starts a laptop stack, whose processes want the cores and whose timeouts are real ones. */
const STARTS_A_STACK = /\b(?:startLaptop|startStack|runMatrix|runLoad|runExample|rehearse|spawn)\(/;

/** Those of them that look at how long something takes, or do very much at a time. */
const ALONE = /(?:acceptance|failures|faults|faults-under-load|rehearse)\.test\.ts$/;

/** Which tests run beside each other: CPU-bound ones, those with stacks, those with the machine to themselves. */
module.exports = function kindOf(path) {
  if (!STARTS_A_STACK.test(readFileSync(path, "utf8"))) return "unit";
  return ALONE.test(path) ? "alone" : "stack";
};
