import { isNativeError } from "node:util/types";

/**
 * Runs a command. Exit code: 0 when it gives true, 1 when it gives false, or the number that it gives;
 * `errorCode` when it throws, and the error goes to stderr. It ends when nobody reads its output any more.
 */
export function runCommand(
  command: () => Promise<boolean | number>,
  explain = explainError,
  errorCode = 1,
): void {
  // Or the AWS SDK warns at every start on Node 20 that it is going to drop support for it.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  });
  command().then(
    (result) => {
      process.exitCode = typeof result === "number" ? result : Number(!result);
    },
    (error: unknown) => {
      console.error(explain(error));
      process.exitCode = errorCode;
    },
  );
}

/**
 * An Error as such carries a sentence for the user, and so do parseArgs's. Any other class, such as a
 * TypeError, is a fault of the program's own: its stack says where.
 */
export function explainError(error: unknown): string {
  if (!isNativeError(error)) return String(error);
  const isForTheUser = error.constructor.name === "Error" || isParseArgsError(error);
  return isForTheUser ? error.message : (error.stack ?? error.message);
}

function isParseArgsError(error: Error): boolean {
  return "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS_");
}
