import {
  arn,
  type Evaluated,
  evaluateWithoutArchives,
  inputsOf,
  namesOf,
} from "../support/aws-mocks";

const QUEUE = "aws:sqs/queue:Queue";

let program: Evaluated;

beforeAll(async () => {
  program = await evaluateWithoutArchives();
});

const queue = (name: string) => inputsOf(program, QUEUE, name);

describe("the queues", () => {
  it("hide a message for six times as long as process-order may run", () => {
    const { timeout } = inputsOf(program, "aws:lambda/function:Function", "process-order");
    expect(queue("orders")["visibilityTimeoutSeconds"]).toBe(6 * Number(timeout));
    expect(Number(timeout)).toBe(30);
  });

  it("move a message after a hundred deliveries to the dead-letter queue, which nothing consumes", () => {
    expect(JSON.parse(String(queue("orders")["redrivePolicy"]))).toEqual({
      deadLetterTargetArn: arn("sqs", "orders-dead-letters"),
      maxReceiveCount: 100,
    });
    expect(queue("orders-dead-letters")).not.toHaveProperty("redrivePolicy");
    const mapping = "aws:lambda/eventSourceMapping:EventSourceMapping";
    expect(namesOf(program, mapping)).toEqual(["process-order"]);
  });

  it("accept dead letters from the orders queue only", () => {
    const inputs = inputsOf(program, "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy", "orders");
    expect(inputs["queueUrl"]).toBe(program.outputs["deadLetterQueueUrl"]);
    expect(JSON.parse(String(inputs["redriveAllowPolicy"]))).toEqual({
      redrivePermission: "byQueue",
      sourceQueueArns: [arn("sqs", "orders")],
    });
    expect(JSON.parse(String(queue("orders")["redriveAllowPolicy"]))).toEqual({
      redrivePermission: "denyAll",
    });
  });

  it("keep dead letters longer than orders", () => {
    expect(queue("orders")["messageRetentionSeconds"]).toBe(4 * 86_400);
    expect(queue("orders-dead-letters")["messageRetentionSeconds"]).toBe(14 * 86_400);
  });

  it.each(["orders", "orders-dead-letters"])(
    "deny plain HTTP and other accounts access to %s, and exempt AWS services from the latter",
    (name) => {
      const { queueUrl, policy } = inputsOf(program, "aws:sqs/queuePolicy:QueuePolicy", name);
      const deny = { Effect: "Deny", Principal: "*", Action: "sqs:*", Resource: arn("sqs", name) };
      expect(queueUrl).toMatch(new RegExp(`/${name}$`));
      expect(JSON.parse(String(policy))).toEqual({
        Version: "2012-10-17",
        Statement: [
          { Sid: "OnlyOverTls", ...deny, Condition: { Bool: { "aws:SecureTransport": "false" } } },
          {
            Sid: "OnlyThisAccount",
            ...deny,
            Condition: {
              StringNotEquals: { "aws:PrincipalAccount": "123456789012" },
              BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
            },
          },
        ],
      });
    },
  );

  it("have a policy each", () => {
    const policies = namesOf(program, "aws:sqs/queuePolicy:QueuePolicy");
    expect(policies).toEqual(namesOf(program, QUEUE));
  });

  it("are encrypted with keys of SQS", () => {
    for (const name of namesOf(program, QUEUE)) {
      expect(queue(name)["sqsManagedSseEnabled"]).toBe(true);
    }
  });
});
