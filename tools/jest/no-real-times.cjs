const hasRealTimes = require("./real-times.cjs");

/** The filter of those tests that run on all cores. */
module.exports = (paths) => ({ filtered: paths.filter((path) => !hasRealTimes(path)) });
