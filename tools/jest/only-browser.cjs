module.exports = require("./kinds.cjs")("browser");
