import {
  arn,
  type Evaluated,
  evaluateWithoutArchives,
  inputsOf,
  namesOf,
} from "../support/aws-mocks";
import { FUNCTIONS } from "../support/function-names";

let program: Evaluated;

beforeAll(async () => {
  program = await evaluateWithoutArchives();
});

function protectedIn({ options }: Evaluated): string[] {
  return [...options].flatMap(([id, { protect }]) => (protect ? id : [])).sort();
}

describe("the program", () => {
  it("exports what users of the stack need", () => {
    const queue = (name: string) => `https://sqs.eu-west-1.amazonaws.com/123456789012/${name}`;
    expect(program.outputs).toEqual({
      apiUrl: "https://api1234567.execute-api.eu-west-1.amazonaws.com/dev/",
      tableName: "orders",
      queueUrl: queue("orders"),
      deadLetterQueueUrl: queue("orders-dead-letters"),
      topicArn: arn("sns", "order-events"),
      functionNames: Object.fromEntries(FUNCTIONS.map((name) => [name, name])),
      logGroupNames: Object.fromEntries(FUNCTIONS.map((name) => [name, `/logs/${name}`])),
      scheduleName: "reconcile-orders",
      alarmTopicArn: arn("sns", "alarms"),
    });
  });

  it("has five functions, two queues, one table and two topics", () => {
    expect(namesOf(program, "aws:lambda/function:Function")).toEqual(FUNCTIONS);
    expect(namesOf(program, "aws:sqs/queue:Queue")).toEqual(["orders", "orders-dead-letters"]);
    expect(namesOf(program, "aws:dynamodb/table:Table")).toEqual(["orders"]);
    expect(namesOf(program, "aws:sns/topic:Topic")).toEqual(["alarms", "order-events"]);
  });

  it("leaves nothing undefined in what it registers", () => {
    expect(program.resources.length).toBeGreaterThan(30);
    for (const { type, name, inputs } of program.resources) {
      const { code: _code, ...rest } = inputs;
      expect([type, name, JSON.stringify(rest)]).not.toEqual([
        type,
        name,
        expect.stringContaining("undefined"),
      ]);
    }
  });

  it("puts every resource into a component", () => {
    const atTop = [...program.options].flatMap(([id, { parentType }]) =>
      parentType === "" ? id : [],
    );
    expect(atTop.length).toBeGreaterThan(5);
    expect(atTop.filter((id) => !id.startsWith("order-processing:infra:"))).toEqual([]);
  });

  it("requires no API key by default", () => {
    const { body } = inputsOf(program, "aws:apigateway/restApi:RestApi", "orders");
    expect(body).not.toContain("api_key");
    expect(namesOf(program, "aws:apigateway/apiKey:ApiKey")).toEqual([]);
    expect(program.outputs["apiKey"]).toBeUndefined();
  });

  it("writes no access logs by default", () => {
    const stage = inputsOf(program, "aws:apigateway/stage:Stage", "orders");
    expect(stage).not.toHaveProperty("accessLogSettings");
    expect(namesOf(program, "aws:cloudwatch/logMetricFilter:LogMetricFilter")).toEqual([]);
  });

  it("protects nothing by default", () => {
    expect(protectedIn(program)).toEqual([]);
  });
});

describe("the program with its own config", () => {
  let configured: Evaluated;

  beforeAll(async () => {
    configured = await evaluateWithoutArchives(
      {
        "order-processing:throttle": { rateLimit: 7, burstLimit: 8 },
        "order-processing:logRetentionDays": 365,
        "order-processing:protectData": true,
        "order-processing:notifications": { language: "pt-BR" },
        "order-processing:table": { maxReadRequestUnits: 500, maxWriteRequestUnits: 1000 },
        "order-processing:processing": {
          timeoutSeconds: 60,
          batchSize: 10,
          maximumConcurrency: 50,
          maxAttempts: 7,
        },
      },
      "prod.eu",
    );
  });

  it("configures its resources accordingly", () => {
    const of = (type: string, name: string) => inputsOf(configured, type, name);
    expect(of("aws:apigateway/methodSettings:MethodSettings", "orders")).toMatchObject({
      stageName: "prod-eu",
      settings: { throttlingRateLimit: 7, throttlingBurstLimit: 8 },
    });
    expect(of("aws:cloudwatch/logGroup:LogGroup", "get-order")).toMatchObject({
      retentionInDays: 365,
    });
    expect(of("aws:dynamodb/table:Table", "orders")).toMatchObject({
      deletionProtectionEnabled: true,
      onDemandThroughput: { maxReadRequestUnits: 500, maxWriteRequestUnits: 1000 },
      globalSecondaryIndexes: [
        { onDemandThroughput: { maxReadRequestUnits: 500, maxWriteRequestUnits: 1000 } },
      ],
    });
    expect(of("aws:lambda/function:Function", "process-order")).toMatchObject({
      timeout: 60,
      environment: {
        variables: { TIMEOUT_SECONDS: "60", MAX_ATTEMPTS: "7", NOTIFICATION_LANGUAGE: "pt-BR" },
      },
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

  it("protects the table and the queues from deletion", () => {
    expect(protectedIn(configured)).toEqual([
      "aws:dynamodb/table:Table::orders",
      "aws:sqs/queue:Queue::orders",
      "aws:sqs/queue:Queue::orders-dead-letters",
    ]);
  });
});
