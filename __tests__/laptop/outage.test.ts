import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { eventually } from "../../harness/eventually";
import { startProgram } from "../support/start-program";

// Its function asks DynamoDB for something, and has no SDK that would ask again.
const PROGRAM = `
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const handler = \`exports.handler = async () => {
  const env = process.env;
  await fetch(env.AWS_ENDPOINT_URL, {
    method: "POST",
    headers: {
      "x-amz-target": "DynamoDB_20120810.ListTables",
      "x-amz-security-token": env.AWS_SESSION_TOKEN,
      authorization: "AWS4-HMAC-SHA256 Credential=" + env.AWS_ACCESS_KEY_ID + "/x",
    },
    body: "{}",
  });
};\`;
const queue = new aws.sqs.Queue("work", { visibilityTimeoutSeconds: 5 });
const role = new aws.iam.Role("worker", {
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
});
const policy = new aws.iam.RolePolicy("worker", {
  role: role.id,
  policy: {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: ["sqs:*"], Resource: queue.arn },
      { Effect: "Allow", Action: ["dynamodb:ListTables"], Resource: "*" },
    ],
  },
});
const worker = new aws.lambda.Function(
  "worker",
  {
    role: role.arn,
    code: new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset(handler) }),
    handler: "index.handler",
    runtime: "nodejs24.x",
    timeout: 5,
    memorySize: 128,
  },
  { dependsOn: [policy] },
);
new aws.lambda.EventSourceMapping("worker", {
  eventSourceArn: queue.arn,
  functionName: worker.arn,
  batchSize: 1,
  scalingConfig: { maximumConcurrency: 2 },
  functionResponseTypes: ["ReportBatchItemFailures"],
});
export const queueUrl = queue.url;
`;

describe("outages from the start", () => {
  it("cut pollers and functions off, and neither the start nor who looks from outside", async () => {
    const stack = await startProgram(PROGRAM, {
      outages: [
        { service: "sqs", kind: "cut-off", seconds: 1 },
        { service: "dynamodb", kind: "cut-off", seconds: 600 },
      ],
    });
    const { client, events } = stack;
    const QueueUrl = String(stack.outputs["queueUrl"]);
    await new SQSClient(client).send(new SendMessageCommand({ QueueUrl, MessageBody: "hello" }));
    await new DynamoDBClient(client).send(new ListTablesCommand());

    await eventually("the message to be delivered", () =>
      events.some(({ kind }) => kind === "invocation"),
    );
    expect(events.filter(({ kind }) => kind !== "warning")).toEqual([
      { kind: "outage", service: "sqs", seconds: 1 },
      { kind: "outage", service: "dynamodb", seconds: 600 },
      { kind: "outage", service: "sqs" },
      expect.objectContaining({ kind: "invocation", error: "TypeError: fetch failed" }),
    ]);
    // A poller that is cut off says so once, however often it tries.
    const warnings = events.flatMap((event) => (event.kind === "warning" ? event.text : []));
    expect(warnings[0]).toMatch(/^polling .*\/work: /);
    expect(warnings).toEqual([...new Set(warnings)]);
    await stack.stop();
  });
});
