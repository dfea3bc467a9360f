import { devNull } from "node:os";
import * as path from "node:path";

/** Of AWS accounts and Pulumi backends: none of them is used on a laptop, so none can leak or be reached. */
const ACCOUNTS = /^(?:AWS|PULUMI)_/i;

/**
 * The environment of the process that evaluates the program: the caller's, as `pulumi up` passes all of it
 * on (PATH, HOME, TMPDIR, NODE_OPTIONS, proxies, whatever the program itself reads), without the
 * variables that name or open an account. The SDK would find credentials below HOME and on a cloud
 * instance too: it is given empty files and no metadata service.
 */
export function programEnvironment(
  caller: NodeJS.ProcessEnv,
  directory: string,
): NodeJS.ProcessEnv {
  const others = Object.entries(caller).filter(([name]) => !ACCOUNTS.test(name));
  return {
    ...Object.fromEntries(others),
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    TS_NODE_PROJECT: path.join(directory, "tsconfig.json"),
    NODE_NO_WARNINGS: "1",
  };
}
