const { createHash } = require("node:crypto");
const { transformSync, version } = require("esbuild");

const OPTIONS = {
  loader: "ts",
  format: "cjs",
  target: "es2022",
  sourcemap: true,
  // What jest loads is CommonJS.
  supported: { "dynamic-import": false },
  tsconfigRaw: "{}",
};

/** A jest transformer for TypeScript, whose types are checked elsewhere. */
module.exports = {
  process: (text, file) => transformSync(text, { ...OPTIONS, sourcefile: file }),
  getCacheKey: (text, file, { instrument }) =>
    createHash("sha256")
      .update(JSON.stringify([version, OPTIONS, file, text, instrument]))
      .digest("hex"),
};
