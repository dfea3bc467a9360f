const kindOf = require("./kinds.cjs");

module.exports = (paths) => ({ filtered: paths.filter((path) => kindOf(path) === "stack") });
