import * as aws from "@pulumi/aws";
import { allow } from "./policies";

/**
 * Invokes a function at a fixed rate, by a role that may do nothing else. What fails is not tried again:
 * the next run does the same work.
 */
export function invokeAtRate(
  name: string,
  scheduleExpression: string,
  target: aws.lambda.Function,
): void {
  const role = new aws.iam.Role(`${name}-schedule`, {
    assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "scheduler.amazonaws.com" }),
  });
  const policy = new aws.iam.RolePolicy(`${name}-schedule`, {
    role: role.id,
    policy: { Version: "2012-10-17", Statement: [allow(["lambda:InvokeFunction"], target.arn)] },
  });
  new aws.lambda.FunctionEventInvokeConfig(name, {
    functionName: target.name,
    maximumRetryAttempts: 0,
    maximumEventAgeInSeconds: 60,
  });
  new aws.scheduler.Schedule(
    name,
    {
      scheduleExpression,
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: target.arn,
        roleArn: role.arn,
        retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
      },
    },
    { dependsOn: [policy] },
  );
}
