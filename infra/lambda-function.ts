import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bundled } from "./bundle";
import type { FunctionRole } from "./function-role";
import { allow } from "./policies";

export interface LambdaFunctionArgs<E, R> {
  /** Runs once in each execution environment and gives the handler: clients are made here. */
  callbackFactory: () => (event: E, context: aws.lambda.Context) => Promise<R>;
  role: FunctionRole;
  /** Besides STACK and TIMEOUT_SECONDS, which each function has. */
  environment: Record<string, pulumi.Input<string>>;
  /** What its role may do, besides writing its own logs and traces, and polling. */
  allow: pulumi.Input<aws.iam.PolicyStatement>[];
  /** The queue that Lambda polls for it. */
  poll?: { queue: aws.sqs.Queue; batchSize: number; maximumConcurrency: number };
  timeoutSeconds: number;
  logRetentionDays: number;
}

export const MEMORY_MEGABYTES = 512;

/** Lambda's own lines are of what fails only: two for each invocation would cost as much as the function's own. */
const LOGGING = { logFormat: "JSON", systemLogLevel: "WARN" };

/** One Lambda function with its own log group and least-privilege policy. */
export class LambdaFunction<E, R> extends pulumi.ComponentResource {
  readonly function: aws.lambda.Function;
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly timeoutSeconds: number;

  constructor(name: string, args: LambdaFunctionArgs<E, R>) {
    super("order-processing:infra:LambdaFunction", name);
    const { role } = args.role;
    this.logGroup = this.makeLogGroup(name, args.logRetentionDays);
    this.timeoutSeconds = args.timeoutSeconds;
    const statements = [
      ...args.allow,
      ...(args.poll ? [consume(args.poll.queue)] : []),
      ...telemetry(this.logGroup),
    ];
    const policy = new aws.iam.RolePolicy(
      name,
      { role: role.id, policy: { Version: "2012-10-17", Statement: statements } },
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
          variables: {
            ...args.environment,
            STACK: pulumi.getStack(),
            TIMEOUT_SECONDS: String(args.timeoutSeconds),
          },
        },
        tracingConfig: { mode: "Active" },
        loggingConfig: { ...LOGGING, logGroup: this.logGroup.name },
      },
      // Only with its policy in place: whatever invokes it waits for the function.
      { parent: this, dependsOn: [policy], transformations: [bundled] },
    );
    if (args.poll) this.poll(name, args.poll);
    this.registerOutputs();
  }

  /** Made here, or Lambda makes one that keeps logs for ever and outlives the stack. */
  private makeLogGroup(name: string, retentionInDays: number): aws.cloudwatch.LogGroup {
    const namePrefix = `/aws/lambda/${pulumi.getProject()}-${pulumi.getStack()}-${name}-`;
    return new aws.cloudwatch.LogGroup(name, { namePrefix, retentionInDays }, { parent: this });
  }

  private poll(
    name: string,
    { queue, batchSize, maximumConcurrency }: NonNullable<LambdaFunctionArgs<E, R>["poll"]>,
  ): void {
    new aws.lambda.EventSourceMapping(
      name,
      {
        eventSourceArn: queue.arn,
        functionName: this.function.arn,
        batchSize,
        scalingConfig: { maximumConcurrency },
        // Without this Lambda ignores the failures that a handler reports, and deletes their messages.
        functionResponseTypes: ["ReportBatchItemFailures"],
      },
      { parent: this },
    );
  }
}

/** What Lambda needs of a function's role to poll a queue, and the function to hide a message. */
function consume({ arn }: aws.sqs.Queue): aws.iam.PolicyStatement {
  return allow(
    [
      "sqs:ReceiveMessage",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:ChangeMessageVisibility",
    ],
    arn,
  );
}

function telemetry({ arn }: aws.cloudwatch.LogGroup): aws.iam.PolicyStatement[] {
  return [
    allow(["logs:CreateLogStream", "logs:PutLogEvents"], pulumi.interpolate`${arn}:*`),
    // X-Ray has no resources to name.
    allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"),
  ];
}

/** The names that AWS gave to a resource of each function. */
export function namesOf<F>(
  functions: Record<string, F>,
  resourceOf: (each: F) => { name: pulumi.Output<string> },
): Record<string, pulumi.Output<string>> {
  const names = Object.entries(functions).map(([key, each]) => [key, resourceOf(each).name]);
  return Object.fromEntries(names) as Record<string, pulumi.Output<string>>;
}
