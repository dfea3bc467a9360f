import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bundled } from "./bundle";

export interface LambdaFunctionArgs<E, R> {
  /** Runs once in each Lambda sandbox and gives the handler: clients are made here. */
  callbackFactory: () => (event: E) => Promise<R>;
  /** Besides TIMEOUT_SECONDS, which each function has. */
  environment: Record<string, pulumi.Input<string>>;
  /** What its role may do, besides writing its own logs and traces. */
  allow: pulumi.Input<aws.iam.PolicyStatement>[];
  timeoutSeconds: number;
  logRetentionDays: number;
}

const MEMORY_MEGABYTES = 512;

/** One Lambda function with its own log group, role and least-privilege policy. */
export class LambdaFunction<E, R> extends pulumi.ComponentResource {
  readonly function: aws.lambda.Function;

  constructor(
    name: string,
    args: LambdaFunctionArgs<E, R>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("order-processing:infra:LambdaFunction", name, {}, opts);

    // Made here, or Lambda makes one that keeps logs for ever and outlives the stack.
    const logGroup = new aws.cloudwatch.LogGroup(
      name,
      {
        name: `/aws/lambda/${pulumi.getProject()}-${pulumi.getStack()}-${name}`,
        retentionInDays: args.logRetentionDays,
      },
      { parent: this },
    );
    const role = new aws.iam.Role(
      name,
      {
        assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
      },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      name,
      {
        role: role.id,
        policy: { Version: "2012-10-17", Statement: [...args.allow, ...telemetry(logGroup)] },
      },
      { parent: this },
    );
    this.function = new aws.lambda.CallbackFunction<E, R>(
      name,
      {
        callbackFactory: args.callbackFactory,
        role,
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        timeout: args.timeoutSeconds,
        memorySize: MEMORY_MEGABYTES,
        environment: {
          variables: { ...args.environment, TIMEOUT_SECONDS: String(args.timeoutSeconds) },
        },
        tracingConfig: { mode: "Active" },
        loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
      },
      // Only with its policy in place: whatever invokes it waits for the function.
      { parent: this, dependsOn: [policy], transformations: [bundled] },
    );
    this.registerOutputs();
  }
}

function telemetry(logGroup: aws.cloudwatch.LogGroup): aws.iam.PolicyStatement[] {
  return [
    {
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: pulumi.interpolate`${logGroup.arn}:*`,
    },
    // X-Ray has no resources to name.
    {
      Effect: "Allow",
      Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
      Resource: "*",
    },
  ];
}
