const slowFiles = require("./slow-files.json");

/** The filter of `npm run test:fast`. */
module.exports = (paths) => ({
  filtered: paths.filter(
    (path) =>
      !path.includes("__tests__/browser/") && !slowFiles.some((file) => path.endsWith(file)),
  ),
});
