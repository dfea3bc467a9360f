import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { eventually } from "../../../harness/eventually";
import { copyProject } from "../../../harness/project-copy";
import type { StackEvent } from "../../../laptop/events";
import { startStack } from "../../../laptop/stack";

const PROGRAM = `
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
new aws.lambda.FunctionEventInvokeConfig("listen", {
  functionName: listen.arn,
  maximumRetryAttempts: 1,
});
const topic = new aws.sns.Topic("news");
topic.onEvent("listen", listen);
export const topicArn = topic.arn;
`;

describe("a function behind a topic", () => {
  it("gets what is published, again when it fails, as often as its event invoke config says", async () => {
    const copy = copyProject({ "index.ts": PROGRAM });
    const events: StackEvent[] = [];
    const stack = await startStack({
      directory: copy.directory,
      onEvent: (event) => void events.push(event),
    });
    const credentials = { accessKeyId: "outside", secretAccessKey: "outside" };
    const sns = new SNSClient({ endpoint: stack.awsEndpoint, region: stack.region, credentials });
    const publish = (Message: string) =>
      sns.send(new PublishCommand({ TopicArn: String(stack.outputs["topicArn"]), Message }));
    const errors = () =>
      events.flatMap((event) => (event.kind === "invocation" ? (event.error ?? "none") : []));

    await publish("bad");
    await eventually("the retry", () => errors().length >= 2);
    await publish("good");
    await eventually("the good news", () => errors().includes("none"));
    expect(errors()).toEqual(["Error: no", "Error: no", "none"]);
    expect(events.filter(({ kind }) => kind === "notification")).toMatchObject([
      { to: "listen", delivered: true },
    ]);
    sns.destroy();
    await stack.stop();
    copy.remove();
  });
});
