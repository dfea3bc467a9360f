module.exports = require("./kinds.cjs")("unit");
