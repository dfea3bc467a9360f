const { default: Sequencer } = require("@jest/test-sequencer");
/** Those of more than two seconds, longest first, as measured on two cores. */
const slowFiles = require("./slow-files.json");

function rankOf({ path }) {
  const rank = slowFiles.findIndex((file) => path.endsWith(file));
  return rank === -1 ? slowFiles.length : rank;
}

/** Starts the longest test files first: one that starts last runs alone, on one core. */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).sort((a, b) => rankOf(a) - rankOf(b));
  }
};
