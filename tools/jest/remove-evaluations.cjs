const { rmSync } = require("node:fs");

module.exports = function removeFolder() {
  rmSync(process.env.EVALUATIONS, { recursive: true, force: true });
};
