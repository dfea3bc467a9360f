import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allow } from "./policies";

const NO_RETRIES = { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 };

/**
 * Invokes a function at a fixed rate, by a role that may do nothing else. What fails is not tried again:
 * the next run does the same work.
 */
export class FunctionSchedule extends pulumi.ComponentResource {
  readonly schedule: aws.scheduler.Schedule;

  constructor(name: string, args: { rate: string; function: aws.lambda.Function }) {
    super("order-processing:infra:FunctionSchedule", name);
    const target = args.function;
    const role = new aws.iam.Role(
      `${name}-schedule`,
      {
        assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({
          Service: "scheduler.amazonaws.com",
        }),
      },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-schedule`,
      {
        role: role.id,
        policy: {
          Version: "2012-10-17",
          Statement: [allow(["lambda:InvokeFunction"], target.arn)],
        },
      },
      { parent: this },
    );
    new aws.lambda.FunctionEventInvokeConfig(
      name,
      { functionName: target.name, ...NO_RETRIES },
      { parent: this },
    );
    this.schedule = new aws.scheduler.Schedule(
      name,
      {
        scheduleExpression: args.rate,
        flexibleTimeWindow: { mode: "OFF" },
        target: { arn: target.arn, roleArn: role.arn, retryPolicy: NO_RETRIES },
      },
      { parent: this, dependsOn: [policy] },
    );
    this.registerOutputs();
  }
}
