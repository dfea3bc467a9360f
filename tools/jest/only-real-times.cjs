const hasRealTimes = require("./real-times.cjs");

/** The filter of those tests that run one after another. */
module.exports = (paths) => ({ filtered: paths.filter(hasRealTimes) });
