const { readFileSync } = require("node:fs");

/** What starts a laptop stack: its processes want the cores, and its timeouts are real ones. */
const STARTS_A_STACK = /\b(?:startLaptop|startStack|runMatrix|runLoad|runExample|rehearse|spawn)\(/;

module.exports = (path) => STARTS_A_STACK.test(readFileSync(path, "utf8"));
