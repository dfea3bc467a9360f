import {
  arn,
  type Evaluated,
  evaluateWithoutArchives,
  inputsOf,
  namesOf,
} from "../support/aws-mocks";
import { FUNCTIONS } from "../support/function-names";

const TABLE = arn("dynamodb", "table/orders");
const QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/orders";
const ORDERS = arn("sqs", "orders");

let program: Evaluated;

beforeAll(async () => {
  program = await evaluateWithoutArchives();
});

/** The policy that lets a service assume a role, as @pulumi/aws makes it. */
function trust(service: string): unknown {
  const Principal = { Service: `${service}.amazonaws.com` };
  return {
    Version: "2012-10-17",
    Statement: [{ Sid: "AllowAssumeRole", Effect: "Allow", Principal, Action: "sts:AssumeRole" }],
  };
}

describe("the functions", () => {
  it.each(FUNCTIONS)("%s runs on a pinned runtime, traced, with a log group of its own", (name) => {
    const inputs = inputsOf(program, "aws:lambda/function:Function", name);
    expect(inputs).toMatchObject({
      handler: "__index.handler",
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      memorySize: 512,
      tracingConfig: { mode: "Active" },
      loggingConfig: { logFormat: "JSON", systemLogLevel: "WARN", logGroup: `/logs/${name}` },
      role: `arn:aws:iam::123456789012:role/${name}`,
    });
    expect(inputsOf(program, "aws:cloudwatch/logGroup:LogGroup", name)).toEqual({
      // No fixed name: two stacks of one name may share an account.
      namePrefix: `/aws/lambda/order-processing-dev-${name}-`,
      retentionInDays: 30,
    });
  });

  it("answer the API before API Gateway gives up at 29 seconds", () => {
    for (const name of ["create-order", "get-order"]) {
      expect(inputsOf(program, "aws:lambda/function:Function", name)["timeout"]).toBeLessThan(29);
    }
  });

  it.each([
    [
      "create-order",
      [
        [["dynamodb:PutItem"], TABLE],
        [["sqs:SendMessage"], ORDERS],
      ],
    ],
    ["get-order", [[["dynamodb:GetItem"], TABLE]]],
    [
      "cancel-order",
      [
        [["dynamodb:UpdateItem"], TABLE],
        [["sqs:SendMessage"], ORDERS],
      ],
    ],
    [
      "process-order",
      [
        [["dynamodb:UpdateItem", "dynamodb:GetItem"], TABLE],
        [["sns:Publish"], arn("sns", "order-events")],
        [
          [
            "sqs:ReceiveMessage",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:ChangeMessageVisibility",
          ],
          ORDERS,
        ],
      ],
    ],
    [
      "reconcile-orders",
      [
        [["dynamodb:Query"], `${TABLE}/index/shelves`],
        [["dynamodb:UpdateItem"], TABLE],
        [["sqs:SendMessage", "sqs:GetQueueAttributes"], ORDERS],
      ],
    ],
  ])("%s may do exactly this", (name, allowed) => {
    const telemetry = [
      [["logs:CreateLogStream", "logs:PutLogEvents"], `${arn("logs", `log-group:${name}`)}:*`],
      [["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"],
    ];
    expect(inputsOf(program, "aws:iam/rolePolicy:RolePolicy", name)).toEqual({
      role: name,
      policy: {
        Version: "2012-10-17",
        Statement: [...allowed, ...telemetry].map(([Action, Resource]) => ({
          Effect: "Allow",
          Action,
          Resource,
        })),
      },
    });
  });

  it.each(FUNCTIONS)("%s is there only when its policy is", (name) => {
    const { dependencies } = program.options.get(`aws:lambda/function:Function::${name}`) ?? {};
    expect(dependencies).toContain(`aws:iam/rolePolicy:RolePolicy::${name}`);
  });

  it("have no policies but these", () => {
    const roles = [...FUNCTIONS, "reconcile-orders-schedule"].sort();
    expect(namesOf(program, "aws:iam/rolePolicy:RolePolicy").sort()).toEqual(roles);
    expect(namesOf(program, "aws:iam/rolePolicyAttachment:RolePolicyAttachment")).toEqual([]);
    expect(namesOf(program, "aws:iam/role:Role").sort()).toEqual(roles);
  });

  it.each(FUNCTIONS)("%s has a role for Lambda alone, and no dead-letter queue", (name) => {
    expect(inputsOf(program, "aws:iam/role:Role", name)).toEqual({
      assumeRolePolicy: trust("lambda"),
    });
    expect(inputsOf(program, "aws:lambda/function:Function", name)).not.toHaveProperty(
      "deadLetterConfig",
    );
  });

  it.each([
    [
      "create-order",
      { ACCESS: "open", QUEUE_URL, TIMEOUT_SECONDS: "25", FIRST_CHECK_SECONDS: "120" },
    ],
    ["get-order", { ACCESS: "open", TIMEOUT_SECONDS: "25" }],
    [
      "process-order",
      {
        QUEUE_URL,
        TOPIC_ARN: arn("sns", "order-events"),
        NOTIFICATION_LANGUAGE: "en",
        TIMEOUT_SECONDS: "30",
        MAX_ATTEMPTS: "20",
        BACKOFF_SECONDS: "10",
        MAX_BACKOFF_SECONDS: "3600",
        FIRST_CHECK_SECONDS: "120",
        NEXT_CHECK_SECONDS: "300",
      },
    ],
    [
      "reconcile-orders",
      {
        QUEUE_URL,
        TIMEOUT_SECONDS: "60",
        MAXIMUM_CONCURRENCY: "5",
        NEXT_CHECK_SECONDS: "300",
      },
    ],
  ])("%s gets its configuration by environment", (name, variables) => {
    expect(inputsOf(program, "aws:lambda/function:Function", name)["environment"]).toEqual({
      variables: { STACK: "dev", TABLE_NAME: "orders", ...variables },
    });
  });

  it("process-order takes one order at a time, and reports the failures of a batch", () => {
    expect(
      inputsOf(program, "aws:lambda/eventSourceMapping:EventSourceMapping", "process-order"),
    ).toEqual({
      eventSourceArn: ORDERS,
      functionName: arn("lambda", "function:process-order"),
      batchSize: 1,
      scalingConfig: { maximumConcurrency: 5 },
      functionResponseTypes: ["ReportBatchItemFailures"],
    });
  });
});

describe("the policies", () => {
  it("use no wildcards but these in any policy", () => {
    const policies = program.resources.filter(({ inputs }) => "policy" in inputs);
    const wildcards = policies.flatMap(({ name, inputs: { policy } }) => {
      const document = (typeof policy === "string" ? JSON.parse(policy) : policy) as {
        Statement: { Effect: string; Action: string | string[]; Resource: string }[];
      };
      return document.Statement.flatMap(({ Effect, Action, Resource }) =>
        [Action].flat().flatMap((action) => {
          const both = `${Effect} ${action} on ${Resource}`;
          return both.includes("*") ? both.replaceAll(name, "<name>") : [];
        }),
      );
    });
    expect([...new Set(wildcards)].sort()).toEqual([
      `Allow logs:CreateLogStream on ${arn("logs", "log-group:<name>")}:*`,
      `Allow logs:PutLogEvents on ${arn("logs", "log-group:<name>")}:*`,
      "Allow xray:PutTelemetryRecords on *",
      "Allow xray:PutTraceSegments on *",
      `Deny sqs:* on ${arn("sqs", "<name>")}`,
    ]);
  });
});

describe("the schedule of reconcile-orders", () => {
  const FUNCTION = arn("lambda", "function:reconcile-orders");
  const ROLE = "reconcile-orders-schedule";

  it("invokes it once a minute, at no other time, and does not repeat what fails", () => {
    expect(inputsOf(program, "aws:scheduler/schedule:Schedule", "reconcile-orders")).toEqual({
      scheduleExpression: "rate(1 minute)",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: FUNCTION,
        roleArn: `arn:aws:iam::123456789012:role/${ROLE}`,
        retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
      },
    });
    expect(namesOf(program, "aws:scheduler/schedule:Schedule")).toHaveLength(1);
  });

  it("has Lambda not repeat it either", () => {
    const type = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";
    expect(inputsOf(program, type, "reconcile-orders")).toEqual({
      functionName: "reconcile-orders",
      maximumRetryAttempts: 0,
      maximumEventAgeInSeconds: 60,
    });
  });

  it("does so by a role that EventBridge Scheduler alone may assume, and that may do no more", () => {
    expect(inputsOf(program, "aws:iam/role:Role", ROLE)).toEqual({
      assumeRolePolicy: trust("scheduler"),
    });
    expect(inputsOf(program, "aws:iam/rolePolicy:RolePolicy", ROLE)).toEqual({
      role: ROLE,
      policy: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: ["lambda:InvokeFunction"], Resource: FUNCTION }],
      },
    });
  });

  it("is there only when that role's policy is", () => {
    const { dependencies } =
      program.options.get("aws:scheduler/schedule:Schedule::reconcile-orders") ?? {};
    expect(dependencies).toContain(`aws:iam/rolePolicy:RolePolicy::${ROLE}`);
  });

  it("leaves a run the time to stop by itself", () => {
    const { timeout } = inputsOf(program, "aws:lambda/function:Function", "reconcile-orders");
    expect(timeout).toBe(60);
  });
});
