import { copyProject } from "../../harness/project-copy";
import type { StackEvent } from "../../laptop/events";
import { type StackOptions, startStack } from "../../laptop/stack";

/** The beginning of a program: `listen`, a function that gets what is published and throws at "bad". */
export const LISTENING_FUNCTION = `
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const handler = \`exports.handler = async ({ Records: [{ Sns }] }) => {
  if (Sns.Message === "bad") throw new Error("no");
};\`;
const role = new aws.iam.Role("listen", {
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
});
const listen = new aws.lambda.Function("listen", {
  role: role.arn,
  code: new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset(handler) }),
  handler: "index.handler",
  runtime: "nodejs24.x",
  timeout: 5,
  memorySize: 128,
});
`;

/** Runs a program in the place of index.ts. `client`: for AWS clients of the account's administrator. */
export async function startProgram(
  program: string,
  options: Omit<StackOptions, "directory" | "onEvent"> = {},
) {
  const copy = copyProject({ "index.ts": program });
  const events: StackEvent[] = [];
  const onEvent = (event: StackEvent) => void events.push(event);
  const stack = await startStack({ ...options, directory: copy.directory, onEvent });
  const credentials = { accessKeyId: "outside", secretAccessKey: "outside" };
  return {
    ...stack,
    events,
    client: { endpoint: stack.awsEndpoint, region: stack.region, credentials },
    async stop() {
      await stack.stop();
      copy.remove();
    },
  };
}
