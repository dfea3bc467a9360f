import {
  API_KEY,
  evaluateProgram,
  type Registered,
  type ResourceOptions,
} from "../support/aws-mocks";

type Inputs = Record<string, unknown>;

let resources: Registered[];
let outputs: Inputs;
let options: Map<string, ResourceOptions>;

beforeAll(async () => {
  ({ resources, outputs, options } = await evaluateProgram());
});

function inputsOf(type: string, name: string, among = resources): Inputs {
  const found = among.filter((each) => each.type === type && each.name === name);
  expect(found).toHaveLength(1);
  return found[0]?.inputs ?? {};
}

function namesOf(type: string): string[] {
  return resources.filter((each) => each.type === type).map(({ name }) => name);
}

const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:123456789012:${rest}`;
const TABLE = arn("dynamodb", "table/orders");
const QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/orders";
const ORDERS = arn("sqs", "orders");
const FUNCTIONS = ["create-order", "get-order", "process-order", "reconcile-orders"];

/** The policy that lets a service assume a role, as @pulumi/aws makes it. */
function trust(service: string): unknown {
  const Principal = { Service: `${service}.amazonaws.com` };
  return {
    Version: "2012-10-17",
    Statement: [{ Sid: "AllowAssumeRole", Effect: "Allow", Principal, Action: "sts:AssumeRole" }],
  };
}

describe("the program", () => {
  it("exports what users of the stack need", () => {
    const queue = (name: string) => `https://sqs.eu-west-1.amazonaws.com/123456789012/${name}`;
    expect(outputs).toEqual({
      apiUrl: "https://api1234567.execute-api.eu-west-1.amazonaws.com/dev/",
      tableName: "orders",
      queueUrl: queue("orders"),
      deadLetterQueueUrl: queue("orders-dead-letters"),
      topicArn: arn("sns", "order-events"),
    });
  });

  it("has four functions, two queues, one table and one topic", () => {
    expect(namesOf("aws:lambda/function:Function").sort()).toEqual([...FUNCTIONS].sort());
    expect(namesOf("aws:sqs/queue:Queue").sort()).toEqual(["orders", "orders-dead-letters"]);
    expect(namesOf("aws:dynamodb/table:Table")).toEqual(["orders"]);
    expect(namesOf("aws:sns/topic:Topic")).toEqual(["order-events"]);
  });

  it("leaves nothing undefined in what it registers", () => {
    expect(resources.length).toBeGreaterThan(30);
    for (const { type, name, inputs } of resources) {
      const { code: _code, ...rest } = inputs;
      expect([type, name, JSON.stringify(rest)]).not.toEqual([
        type,
        name,
        expect.stringContaining("undefined"),
      ]);
    }
  });
});

describe("the table", () => {
  it("is on demand, encrypted and recoverable to a point in time", () => {
    expect(inputsOf("aws:dynamodb/table:Table", "orders")).toMatchObject({
      billingMode: "PAY_PER_REQUEST",
      hashKey: "orderId",
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true },
      deletionProtectionEnabled: false,
    });
  });

  it("has one sparse index, over the orders that are open or FAILED, by the time to look at them", () => {
    const { attributes, globalSecondaryIndexes } = inputsOf("aws:dynamodb/table:Table", "orders");
    expect(globalSecondaryIndexes).toEqual([
      {
        name: "shelves",
        hashKey: "shelf",
        rangeKey: "checkAt",
        projectionType: "INCLUDE",
        nonKeyAttributes: ["createdAt", "overdueSince"],
      },
    ]);
    expect(attributes).toEqual([
      { name: "orderId", type: "S" },
      { name: "shelf", type: "S" },
      { name: "checkAt", type: "N" },
    ]);
  });
});

describe("the queues", () => {
  const queue = (name: string) => inputsOf("aws:sqs/queue:Queue", name);

  it("hide a message for six times as long as process-order may run", () => {
    const { timeout } = inputsOf("aws:lambda/function:Function", "process-order");
    expect(queue("orders")["visibilityTimeoutSeconds"]).toBe(6 * Number(timeout));
    expect(Number(timeout)).toBe(30);
  });

  it("park a message after a hundred deliveries, where nothing consumes it", () => {
    expect(JSON.parse(String(queue("orders")["redrivePolicy"]))).toEqual({
      deadLetterTargetArn: arn("sqs", "orders-dead-letters"),
      maxReceiveCount: 100,
    });
    expect(queue("orders-dead-letters")).not.toHaveProperty("redrivePolicy");
    expect(namesOf("aws:lambda/eventSourceMapping:EventSourceMapping")).toEqual(["process-order"]);
  });

  it("take dead letters of the queue before them only", () => {
    const inputs = inputsOf("aws:sqs/redriveAllowPolicy:RedriveAllowPolicy", "orders");
    expect(inputs["queueUrl"]).toBe(outputs["deadLetterQueueUrl"]);
    expect(JSON.parse(String(inputs["redriveAllowPolicy"]))).toEqual({
      redrivePermission: "byQueue",
      sourceQueueArns: [ORDERS],
    });
    expect(JSON.parse(String(queue("orders")["redriveAllowPolicy"]))).toEqual({
      redrivePermission: "denyAll",
    });
  });

  it("keep dead letters longer than orders, and encrypt them all", () => {
    expect(queue("orders")["messageRetentionSeconds"]).toBe(4 * 86_400);
    expect(queue("orders-dead-letters")["messageRetentionSeconds"]).toBe(14 * 86_400);
    for (const name of namesOf("aws:sqs/queue:Queue")) {
      expect(queue(name)["sqsManagedSseEnabled"]).toBe(true);
    }
  });
});

describe("the policies of queues and topic", () => {
  const closed = (resource: string, Action: unknown) => {
    const deny = { Effect: "Deny", Principal: "*", Action, Resource: resource };
    return {
      Version: "2012-10-17",
      Statement: [
        { Sid: "OnlyOverTls", ...deny, Condition: { Bool: { "aws:SecureTransport": "false" } } },
        {
          Sid: "OnlyThisAccount",
          ...deny,
          Condition: { StringNotEquals: { "aws:PrincipalAccount": "123456789012" } },
        },
      ],
    };
  };

  it.each(["orders", "orders-dead-letters"])(
    "keep plain HTTP and other accounts out of the queue %s",
    (name) => {
      const { queueUrl, policy } = inputsOf("aws:sqs/queuePolicy:QueuePolicy", name);
      expect(queueUrl).toMatch(new RegExp(`/${name}$`));
      expect(JSON.parse(String(policy))).toEqual(closed(arn("sqs", name), "sqs:*"));
    },
  );

  it("keep plain HTTP and other accounts out of the topic, in actions that SNS takes", () => {
    const { arn: topic, policy } = inputsOf("aws:sns/topicPolicy:TopicPolicy", "order-events");
    const actions = ["AddPermission", "DeleteTopic", "GetTopicAttributes"];
    actions.push("ListSubscriptionsByTopic", "Publish", "RemovePermission");
    actions.push("SetTopicAttributes", "Subscribe");
    expect(topic).toBe(arn("sns", "order-events"));
    expect(JSON.parse(String(policy))).toEqual(
      closed(
        arn("sns", "order-events"),
        actions.map((action) => `sns:${action}`),
      ),
    );
  });

  it("are there for every queue and topic that the program makes", () => {
    expect(namesOf("aws:sqs/queuePolicy:QueuePolicy").sort()).toEqual(
      namesOf("aws:sqs/queue:Queue").sort(),
    );
    expect(namesOf("aws:sns/topicPolicy:TopicPolicy")).toEqual(namesOf("aws:sns/topic:Topic"));
  });

  it("have the only wildcards, besides X-Ray's resource and a log group's streams", () => {
    const policies = resources.filter(({ inputs }) => "policy" in inputs);
    expect(policies).toHaveLength(8);
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

describe("the topic", () => {
  it("has no subscription of our own", () => {
    expect(namesOf("aws:sns/topicSubscription:TopicSubscription")).toEqual([]);
  });

  it("is encrypted with a key that AWS manages", () => {
    expect(inputsOf("aws:sns/topic:Topic", "order-events")).toEqual({
      kmsMasterKeyId: "alias/aws/sns",
    });
  });
});

describe("the functions", () => {
  it.each(FUNCTIONS)("%s runs on a pinned runtime, traced, with a log group of its own", (name) => {
    const inputs = inputsOf("aws:lambda/function:Function", name);
    const logGroup = `/aws/lambda/order-processing-dev-${name}`;
    expect(inputs).toMatchObject({
      handler: "__index.handler",
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      memorySize: 512,
      tracingConfig: { mode: "Active" },
      loggingConfig: { logFormat: "JSON", logGroup },
      role: `arn:aws:iam::123456789012:role/${name}`,
    });
    expect(inputsOf("aws:cloudwatch/logGroup:LogGroup", name)).toEqual({
      name: logGroup,
      retentionInDays: 30,
    });
  });

  it("answer the API before API Gateway gives up at 29 seconds", () => {
    for (const name of ["create-order", "get-order"]) {
      expect(inputsOf("aws:lambda/function:Function", name)["timeout"]).toBeLessThan(29);
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
    expect(inputsOf("aws:iam/rolePolicy:RolePolicy", name)).toEqual({
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
    const { dependencies } = options.get(`aws:lambda/function:Function::${name}`) ?? {};
    expect(dependencies).toContain(`aws:iam/rolePolicy:RolePolicy::${name}`);
  });

  it("have no policies but these", () => {
    const roles = [...FUNCTIONS, "reconcile-orders-schedule"].sort();
    expect(namesOf("aws:iam/rolePolicy:RolePolicy").sort()).toEqual(roles);
    expect(namesOf("aws:iam/rolePolicyAttachment:RolePolicyAttachment")).toEqual([]);
    expect(namesOf("aws:iam/role:Role").sort()).toEqual(roles);
  });

  it.each(FUNCTIONS)("%s has a role for Lambda alone, and no dead-letter queue", (name) => {
    expect(inputsOf("aws:iam/role:Role", name)).toEqual({ assumeRolePolicy: trust("lambda") });
    expect(inputsOf("aws:lambda/function:Function", name)).not.toHaveProperty("deadLetterConfig");
  });

  it.each([
    ["create-order", { QUEUE_URL, TIMEOUT_SECONDS: "25", FIRST_CHECK_SECONDS: "120" }],
    ["get-order", { TIMEOUT_SECONDS: "25" }],
    [
      "process-order",
      {
        QUEUE_URL,
        TOPIC_ARN: arn("sns", "order-events"),
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
    expect(inputsOf("aws:lambda/function:Function", name)["environment"]).toEqual({
      variables: { TABLE_NAME: "orders", ...variables },
    });
  });

  it("process-order takes one order at a time, and reports the failures of a batch", () => {
    expect(inputsOf("aws:lambda/eventSourceMapping:EventSourceMapping", "process-order")).toEqual({
      eventSourceArn: ORDERS,
      functionName: arn("lambda", "function:process-order"),
      batchSize: 1,
      scalingConfig: { maximumConcurrency: 5 },
      functionResponseTypes: ["ReportBatchItemFailures"],
    });
  });
});

describe("the schedule of reconcile-orders", () => {
  const FUNCTION = arn("lambda", "function:reconcile-orders");
  const ROLE = "reconcile-orders-schedule";

  it("invokes it once a minute, at no other time, and does not repeat what fails", () => {
    expect(inputsOf("aws:scheduler/schedule:Schedule", "reconcile-orders")).toEqual({
      scheduleExpression: "rate(1 minute)",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: FUNCTION,
        roleArn: `arn:aws:iam::123456789012:role/${ROLE}`,
        retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
      },
    });
    expect(namesOf("aws:scheduler/schedule:Schedule")).toHaveLength(1);
  });

  it("has Lambda not repeat it either", () => {
    const type = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";
    expect(inputsOf(type, "reconcile-orders")).toEqual({
      functionName: "reconcile-orders",
      maximumRetryAttempts: 0,
      maximumEventAgeInSeconds: 60,
    });
  });

  it("does so by a role that EventBridge Scheduler alone may assume, and that may do no more", () => {
    expect(inputsOf("aws:iam/role:Role", ROLE)).toEqual({ assumeRolePolicy: trust("scheduler") });
    expect(inputsOf("aws:iam/rolePolicy:RolePolicy", ROLE)).toEqual({
      role: ROLE,
      policy: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: ["lambda:InvokeFunction"], Resource: FUNCTION }],
      },
    });
  });

  it("is there only when that role's policy is", () => {
    const { dependencies } = options.get("aws:scheduler/schedule:Schedule::reconcile-orders") ?? {};
    expect(dependencies).toContain(`aws:iam/rolePolicy:RolePolicy::${ROLE}`);
  });

  it("leaves a run the time to stop by itself", () => {
    const { timeout } = inputsOf("aws:lambda/function:Function", "reconcile-orders");
    expect(timeout).toBe(60);
  });
});

describe("the API", () => {
  interface Definition {
    paths: Record<string, Record<string, Record<string, { uri: string; type: string }>>>;
    "x-amazon-apigateway-gateway-responses": Record<
      string,
      { statusCode: number; responseTemplates: Record<string, string>; responseParameters: unknown }
    >;
  }
  const definition = () =>
    JSON.parse(String(inputsOf("aws:apigateway/restApi:RestApi", "orders")["body"])) as Definition;

  it("has two routes, each to its function", () => {
    const routes = Object.entries(definition().paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => [
        `${method} ${path}`,
        operation["x-amazon-apigateway-integration"]?.uri,
      ]),
    );
    const uri = (name: string) =>
      `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${arn("lambda", `function:${name}`)}/invocations`;
    expect(routes).toEqual([
      ["post /orders", uri("create-order")],
      ["get /orders/{orderId}", uri("get-order")],
    ]);
  });

  it("is regional, keeps JSON as text and names its stage like the stack", () => {
    expect(inputsOf("aws:apigateway/restApi:RestApi", "orders")).toMatchObject({
      endpointConfiguration: { types: "REGIONAL" },
      binaryMediaTypes: ["application/octet-stream"],
    });
    expect(inputsOf("aws:apigateway/stage:Stage", "orders")).toMatchObject({
      stageName: "dev",
      xrayTracingEnabled: true,
    });
  });

  it("is throttled", () => {
    expect(inputsOf("aws:apigateway/methodSettings:MethodSettings", "orders")).toMatchObject({
      stageName: "dev",
      methodPath: "*/*",
      settings: { throttlingRateLimit: 100, throttlingBurstLimit: 200 },
    });
  });

  it("may invoke its two functions, each for its own method and path", () => {
    const permissions = resources.filter(
      ({ type, inputs }) =>
        type === "aws:lambda/permission:Permission" &&
        inputs["principal"] === "apigateway.amazonaws.com",
    );
    const sources = permissions.map(({ inputs }) => [inputs["function"], inputs["sourceArn"]]);
    expect(Object.fromEntries(sources)).toEqual({
      "create-order": `${arn("execute-api", "api1234567")}/*/POST/orders`,
      "get-order": `${arn("execute-api", "api1234567")}/*/GET/orders/{orderId}`,
    });
  });

  it("answers its own errors as problem details with the status that they are sent with", () => {
    const responses = Object.entries(definition()["x-amazon-apigateway-gateway-responses"]);
    expect(responses.length).toBe(21);
    for (const [, { statusCode, responseTemplates, responseParameters }] of responses) {
      const template = responseTemplates["application/json"] ?? "";
      expect(JSON.parse(template)).toEqual({
        type: "about:blank",
        title: expect.any(String),
        status: statusCode,
        detail: expect.any(String),
        requestId: "$context.requestId",
      });
      expect(responseParameters).toEqual({
        "gatewayresponse.header.Content-Type": "'application/problem+json'",
        "gatewayresponse.header.Cache-Control": "'no-store'",
        "gatewayresponse.header.X-Content-Type-Options": "'nosniff'",
      });
    }
  });
});

describe("the program with a customer-managed KMS key", () => {
  const KEY = arn("kms", "key/0b7c2f6e-4a8e-4f1d-9a51-2f0d6a1c9e77");
  let encrypted: Registered[];

  beforeAll(async () => {
    ({ resources: encrypted } = await evaluateProgram({ "order-processing:kmsKeyArn": KEY }));
  });

  it("encrypts table, queues and topic with it", () => {
    expect(inputsOf("aws:dynamodb/table:Table", "orders", encrypted)).toMatchObject({
      serverSideEncryption: { enabled: true, kmsKeyArn: KEY },
    });
    const names = namesOf("aws:sqs/queue:Queue");
    expect(names).toHaveLength(2);
    for (const name of names) {
      const queue = inputsOf("aws:sqs/queue:Queue", name, encrypted);
      expect(queue).toMatchObject({ kmsMasterKeyId: KEY });
      expect(queue).not.toHaveProperty("sqsManagedSseEnabled");
    }
    expect(inputsOf("aws:sns/topic:Topic", "order-events", encrypted)).toEqual({
      kmsMasterKeyId: KEY,
    });
  });

  it.each([
    ["create-order", ["kms:Decrypt", "kms:GenerateDataKey"]],
    ["get-order", ["kms:Decrypt"]],
    ["process-order", ["kms:Decrypt", "kms:GenerateDataKey"]],
    ["reconcile-orders", ["kms:Decrypt", "kms:GenerateDataKey"]],
  ])("lets %s use it for exactly this", (name, actions) => {
    const { policy } = inputsOf("aws:iam/rolePolicy:RolePolicy", name, encrypted);
    const { Statement } = policy as { Statement: { Resource: string }[] };
    expect(Statement.filter(({ Resource }) => Resource.includes(":kms:"))).toEqual([
      { Effect: "Allow", Action: actions, Resource: KEY },
    ]);
  });
});

describe("the program that requires an API key", () => {
  let guarded: Awaited<ReturnType<typeof evaluateProgram>>;

  beforeAll(async () => {
    guarded = await evaluateProgram({
      "order-processing:requireApiKey": true,
      "order-processing:usagePlan": { rateLimit: 3, quotaLimit: 1000, quotaPeriod: "DAY" },
    });
  });

  it("asks for it on every route", () => {
    const { body } = inputsOf("aws:apigateway/restApi:RestApi", "orders", guarded.resources);
    const { paths, securityDefinitions } = JSON.parse(String(body)) as {
      paths: Record<string, Record<string, { security: unknown }>>;
      securityDefinitions: unknown;
    };
    const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
    expect(operations.map(({ security }) => security)).toEqual([
      [{ api_key: [] }],
      [{ api_key: [] }],
    ]);
    expect(securityDefinitions).toEqual({
      api_key: { type: "apiKey", name: "x-api-key", in: "header" },
    });
  });

  it("makes one for its stage, with the throttle and quota of the config", () => {
    const of = (type: string) => inputsOf(type, "orders", guarded.resources);
    expect(of("aws:apigateway/usagePlan:UsagePlan")).toEqual({
      apiStages: [{ apiId: "orders", stage: "dev" }],
      throttleSettings: { rateLimit: 3, burstLimit: 100 },
      quotaSettings: { limit: 1000, period: "DAY" },
    });
    expect(of("aws:apigateway/usagePlanKey:UsagePlanKey")).toEqual({
      keyId: "orders",
      keyType: "API_KEY",
      usagePlanId: "orders",
    });
  });

  it("gives its value as an output that Pulumi keeps secret", () => {
    expect(guarded.outputs["apiKey"]).toBe(API_KEY);
    expect(guarded.secrets).toEqual(["apiKey"]);
  });

  it("is open by default, and makes no key", () => {
    expect(inputsOf("aws:apigateway/restApi:RestApi", "orders")["body"]).not.toContain("api_key");
    expect(namesOf("aws:apigateway/apiKey:ApiKey")).toEqual([]);
    expect(outputs["apiKey"]).toBeUndefined();
  });
});

describe("the program with its own config", () => {
  let configured: Registered[];
  let configuredOptions: Map<string, ResourceOptions>;

  beforeAll(async () => {
    const evaluated = await evaluateProgram(
      {
        "order-processing:throttle": { rateLimit: 7, burstLimit: 8 },
        "order-processing:logRetentionDays": 365,
        "order-processing:protectData": true,
        "order-processing:subscriptions": [
          { protocol: "email", endpoint: "ops@example.com", status: "FAILED" },
          { protocol: "https", endpoint: "https://example.com/hook" },
          {
            protocol: "sqs",
            endpoint: arn("sqs", "theirs"),
            customerId: "c-1",
            status: "REJECTED",
          },
        ],
        "order-processing:processing": {
          timeoutSeconds: 60,
          batchSize: 10,
          maximumConcurrency: 50,
          maxAttempts: 7,
        },
      },
      "prod.eu",
    );
    configured = evaluated.resources;
    configuredOptions = evaluated.options;
  });

  it("follows it", () => {
    const of = (type: string, name: string) => inputsOf(type, name, configured);
    expect(of("aws:apigateway/methodSettings:MethodSettings", "orders")).toMatchObject({
      stageName: "prod-eu",
      settings: { throttlingRateLimit: 7, throttlingBurstLimit: 8 },
    });
    expect(of("aws:cloudwatch/logGroup:LogGroup", "get-order")).toMatchObject({
      retentionInDays: 365,
    });
    expect(of("aws:dynamodb/table:Table", "orders")).toMatchObject({
      deletionProtectionEnabled: true,
    });
    expect(of("aws:lambda/function:Function", "process-order")).toMatchObject({
      timeout: 60,
      environment: { variables: { TIMEOUT_SECONDS: "60", MAX_ATTEMPTS: "7" } },
    });
    expect(of("aws:lambda/function:Function", "reconcile-orders")).toMatchObject({
      environment: { variables: { MAXIMUM_CONCURRENCY: "50" } },
    });
    expect(of("aws:sqs/queue:Queue", "orders")).toMatchObject({ visibilityTimeoutSeconds: 360 });
    expect(of("aws:lambda/eventSourceMapping:EventSourceMapping", "process-order")).toMatchObject({
      batchSize: 10,
      scalingConfig: { maximumConcurrency: 50 },
    });
  });

  it("protects the table and the queues from Pulumi, and only where it is told to", () => {
    const isProtected = (all: Map<string, ResourceOptions>) =>
      [...all].filter(([, { protect }]) => protect).map(([name]) => name);
    expect(isProtected(configuredOptions).sort()).toEqual([
      "aws:dynamodb/table:Table::orders",
      "aws:sqs/queue:Queue::orders",
      "aws:sqs/queue:Queue::orders-dead-letters",
    ]);
    expect(isProtected(options)).toEqual([]);
  });

  it("subscribes whom it names, to what they want", () => {
    const subscriptions = configured.filter(
      ({ type }) => type === "aws:sns/topicSubscription:TopicSubscription",
    );
    expect(subscriptions).toHaveLength(3);
    expect(subscriptions.map(({ inputs }) => inputs)).toEqual(
      expect.arrayContaining([
        {
          topic: arn("sns", "order-events"),
          protocol: "email",
          endpoint: "ops@example.com",
          filterPolicy: '{"status":["FAILED"]}',
        },
        {
          topic: arn("sns", "order-events"),
          protocol: "https",
          endpoint: "https://example.com/hook",
        },
        {
          topic: arn("sns", "order-events"),
          protocol: "sqs",
          endpoint: arn("sqs", "theirs"),
          filterPolicy: '{"customerId":["c-1"],"status":["REJECTED"]}',
        },
      ]),
    );
  });
});
