import { eventually } from "../../../harness/eventually";
import { startProgram } from "../../support/start-program";

const PROGRAM = `
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const assumedBy = (Service: string) => aws.iam.assumeRolePolicyForPrincipal({ Service });
const tidy = new aws.lambda.Function("tidy", {
  role: new aws.iam.Role("tidy", { assumeRolePolicy: assumedBy("lambda.amazonaws.com") }).arn,
  code: new pulumi.asset.AssetArchive({
    "index.js": new pulumi.asset.StringAsset(
      "exports.handler = async (event) => { throw new Error(process.env.NAME + event.detail); };",
    ),
  }),
  handler: "index.handler",
  runtime: "nodejs24.x",
  timeout: 5,
  memorySize: 128,
  environment: { variables: { NAME: "deployed" } },
  deadLetterConfig: { targetArn: "arn:aws:sqs:x" },
});
new aws.lambda.FunctionEventInvokeConfig("tidy", { functionName: tidy.name, maximumRetryAttempts: 0 });
const role = new aws.iam.Role("schedule", { assumeRolePolicy: assumedBy("scheduler.amazonaws.com") });
const policy = new aws.iam.RolePolicy("schedule", {
  role: role.id,
  policy: {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "lambda:InvokeFunction", Resource: tidy.arn }],
  },
});
new aws.scheduler.Schedule(
  "each-minute",
  {
    scheduleExpression: "rate(1 minute)",
    flexibleTimeWindow: { mode: "OFF" },
    target: { arn: tidy.arn, roleArn: role.arn, retryPolicy: { maximumRetryAttempts: 0 } },
  },
  { dependsOn: [policy] },
);
`;

describe("a program with a schedule", () => {
  it("has its function invoked by the schedule's role, at a rate and with times of the test's own", async () => {
    const stack = await startProgram(PROGRAM, {
      override(registration) {
        const { type, inputs } = registration;
        const others: Record<string, object> = {
          "aws:scheduler/schedule:Schedule": { scheduleExpression: "rate(0.2 seconds)" },
          "aws:lambda/function:Function": { environment: { variables: { NAME: "tested" } } },
        };
        return { ...registration, inputs: { ...inputs, ...others[type] } };
      },
    });
    const { events } = stack;
    const invocations = () => events.filter(({ kind }) => kind === "invocation");
    await eventually("three invocations", () => invocations().length >= 3);
    expect(invocations()[0]).toMatchObject({ function: "tidy", error: "Error: tested{}" });
    const uses = [...stack.iam.usedPermissions.values()].map(
      ({ role, action }) => `${role} ${action}`,
    );
    expect(uses).toEqual(["schedule lambda:InvokeFunction"]);
    const text = 'function "tidy": deadLetterConfig has no effect on the laptop';
    expect(events.filter(({ kind }) => kind === "warning")).toEqual([{ kind: "warning", text }]);

    await stack.stop();
    expect(invocations().every((event) => "pid" in event && !isAlive(event.pid))).toBe(true);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
