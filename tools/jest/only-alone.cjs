module.exports = require("./kinds.cjs")("alone");
