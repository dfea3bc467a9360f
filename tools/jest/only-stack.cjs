module.exports = require("./kinds.cjs")("stack");
