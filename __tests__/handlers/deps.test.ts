import { createHash } from "node:crypto";
import {
  authorizeCallerDeps,
  cancelOrderDeps,
  createOrderDeps,
  getOrderDeps,
  listOrdersDeps,
  processOrderDeps,
  reconcileOrdersDeps,
} from "../../handlers/aws/deps";
import { customerTexts, notificationOf } from "../../handlers/notification";
import { LANGUAGES } from "../../handlers/texts/language";
import { startAnsweringAws } from "../support/answering-aws";
import { completedOrder, ORDER_ID } from "../support/orders";
import { telemetry } from "../support/telemetry";

const ENVIRONMENT = {
  ACCESS: "open",
  ISSUER: "https://issuer.example.com/",
  AUDIENCE: "orders",
  JWKS_URI: "https://issuer.example.com/keys",
  CUSTOMER_CLAIM: "sub",
  STAFF_CLAIM: "scope",
  TABLE_NAME: "orders",
  QUEUE_URL: "https://sqs.test/orders",
  TOPIC_ARN: "arn:aws:sns:eu-west-1:000000000000:orders",
  NOTIFICATION_LANGUAGE: "en",
  MAX_ATTEMPTS: "20",
  TIMEOUT_SECONDS: "30",
  BACKOFF_SECONDS: "10",
  MAX_BACKOFF_SECONDS: "3600",
  FIRST_CHECK_SECONDS: "120",
  NEXT_CHECK_SECONDS: "300",
  MAXIMUM_CONCURRENCY: "7",
};

/** Of whoever makes the deps from now on. */
function setEnvironment(changes: NodeJS.ProcessEnv = {}): void {
  jest.replaceProperty(process, "env", { ...process.env, ...ENVIRONMENT, ...changes });
}

/** What was sent to AWS, which gave this answer, and what came of it. */
async function withAws<T>(
  body: object | string,
  use: () => Promise<T>,
  status = 200,
  environment: NodeJS.ProcessEnv = {},
) {
  const aws = await startAnsweringAws({ status, body });
  const QueueUrl = `${aws.environment.AWS_ENDPOINT_URL}/orders`;
  setEnvironment({ ...aws.environment, QUEUE_URL: QueueUrl, ...environment });
  try {
    const result = await use();
    return { result, sent: aws.sent, QueueUrl };
  } finally {
    await aws.stop();
  }
}

const jsonOf = (sent: { target: string | undefined; body: string }[]) =>
  sent.map(({ target, body }) => [target, JSON.parse(body) as unknown]);

afterEach(() => jest.restoreAllMocks());

describe("the environment", () => {
  const MAKERS = {
    createOrderDeps,
    cancelOrderDeps,
    getOrderDeps,
    listOrdersDeps,
    authorizeCallerDeps,
    processOrderDeps,
    reconcileOrdersDeps,
  };
  const NEEDED: [keyof typeof MAKERS, (keyof typeof ENVIRONMENT)[]][] = [
    [
      "createOrderDeps",
      ["ACCESS", "TABLE_NAME", "QUEUE_URL", "TIMEOUT_SECONDS", "FIRST_CHECK_SECONDS"],
    ],
    [
      "cancelOrderDeps",
      ["ACCESS", "TABLE_NAME", "QUEUE_URL", "TIMEOUT_SECONDS", "FIRST_CHECK_SECONDS"],
    ],
    ["getOrderDeps", ["ACCESS", "TABLE_NAME", "TIMEOUT_SECONDS"]],
    ["listOrdersDeps", ["ACCESS", "TABLE_NAME", "TIMEOUT_SECONDS"]],
    ["authorizeCallerDeps", ["ISSUER", "AUDIENCE", "JWKS_URI", "CUSTOMER_CLAIM", "STAFF_CLAIM"]],
    [
      "processOrderDeps",
      [
        "TABLE_NAME",
        "QUEUE_URL",
        "TOPIC_ARN",
        "NOTIFICATION_LANGUAGE",
        "MAX_ATTEMPTS",
        "TIMEOUT_SECONDS",
        "BACKOFF_SECONDS",
        "MAX_BACKOFF_SECONDS",
        "FIRST_CHECK_SECONDS",
        "NEXT_CHECK_SECONDS",
      ],
    ],
    [
      "reconcileOrdersDeps",
      ["TABLE_NAME", "QUEUE_URL", "TIMEOUT_SECONDS", "MAXIMUM_CONCURRENCY", "NEXT_CHECK_SECONDS"],
    ],
  ];

  it.each(NEEDED)("%s needs %j", (maker, names) => {
    for (const name of names) {
      setEnvironment({ [name]: "" });
      expect(() => MAKERS[maker](telemetry)).toThrow(`the environment variable ${name} is not set`);
      jest.restoreAllMocks();
    }
    const others = Object.keys(ENVIRONMENT).filter((name) => !names.some((each) => each === name));
    setEnvironment(Object.fromEntries(others.map((name) => [name, ""])));
    expect(() => MAKERS[maker](telemetry)).not.toThrow();
  });

  it("is refused where it is not clear who may call", () => {
    setEnvironment({ ACCESS: "closed" });
    expect(() => getOrderDeps(telemetry)).toThrow("ACCESS is neither open nor token");
  });

  it("is refused where a number is none", () => {
    setEnvironment({ MAX_ATTEMPTS: "many" });
    expect(() => processOrderDeps(telemetry)).toThrow(
      "the environment variable MAX_ATTEMPTS is no number",
    );
  });

  it.each(["pt", "pt-br", "fr"])("is refused where nobody writes its language: %s", (language) => {
    setEnvironment({ NOTIFICATION_LANGUAGE: language });
    expect(() => processOrderDeps(telemetry)).toThrow("NOTIFICATION_LANGUAGE is none of en, pt-BR");
  });

  it("has the policy of an order's life", () => {
    setEnvironment();
    expect(processOrderDeps(telemetry).policy).toEqual({
      maxAttempts: 20,
      timeoutSeconds: 30,
      backoffSeconds: 10,
      maxBackoffSeconds: 3600,
      firstCheckSeconds: 120,
      nextCheckSeconds: 300,
    });
    expect(createOrderDeps(telemetry).firstCheckSeconds).toBe(120);
    expect(reconcileOrdersDeps(telemetry)).toMatchObject({
      maximumConcurrency: 7,
      nextCheckSeconds: 300,
    });
  });
});

describe("the queue", () => {
  const MessageBody = JSON.stringify({ orderId: ORDER_ID });

  const MD5OfMessageBody = createHash("md5").update(MessageBody).digest("hex");

  it("gets a message for an order", async () => {
    const { sent, QueueUrl } = await withAws({ MD5OfMessageBody }, () =>
      createOrderDeps(telemetry).enqueueOrder(ORDER_ID),
    );
    expect(jsonOf(sent)).toEqual([["AmazonSQS.SendMessage", { QueueUrl, MessageBody }]]);
  });

  it("gets messages for several, and says which it did not take", async () => {
    const Failed = [{ Id: "b", Code: "InternalError", SenderFault: false }];
    const { result, sent, QueueUrl } = await withAws({ Successful: [], Failed }, () =>
      reconcileOrdersDeps(telemetry).enqueueOrders([ORDER_ID, "b"]),
    );
    expect(result).toEqual(["b"]);
    const Entries = [
      { Id: ORDER_ID, MessageBody },
      { Id: "b", MessageBody: JSON.stringify({ orderId: "b" }) },
    ];
    expect(jsonOf(sent)).toEqual([["AmazonSQS.SendMessageBatch", { QueueUrl, Entries }]]);
  });

  it("hides a message for some seconds", async () => {
    const { sent, QueueUrl } = await withAws({}, () =>
      processOrderDeps(telemetry).hideMessage("receipt", 12),
    );
    const change = { QueueUrl, ReceiptHandle: "receipt", VisibilityTimeout: 12 };
    expect(jsonOf(sent)).toEqual([["AmazonSQS.ChangeMessageVisibility", change]]);
  });

  it("says how many messages wait", async () => {
    const Attributes = { ApproximateNumberOfMessages: "41" };
    const { result, sent, QueueUrl } = await withAws({ Attributes }, () =>
      reconcileOrdersDeps(telemetry).waitingMessages(),
    );
    expect(result).toBe(41);
    const AttributeNames = ["ApproximateNumberOfMessages"];
    expect(jsonOf(sent)).toEqual([["AmazonSQS.GetQueueAttributes", { QueueUrl, AttributeNames }]]);
  });

  it("does not take a length that is missing for one", async () => {
    const asked = withAws({}, () => reconcileOrdersDeps(telemetry).waitingMessages());
    await expect(asked).rejects.toThrow("the queue's length is missing");
  });
});

describe("the customer's notification", () => {
  const notification = notificationOf(completedOrder(), 1);

  async function published(NOTIFICATION_LANGUAGE: string) {
    const notify = () => processOrderDeps(telemetry).notifyCustomer(notification);
    const { sent } = await withAws("<PublishResponse/>", notify, 200, { NOTIFICATION_LANGUAGE });
    return Object.fromEntries(new URLSearchParams(sent[0]?.body));
  }

  it.each(LANGUAGES)("is in %s for people, JSON for others", async (language) => {
    const form = await published(language);
    const { subject, email, sms } = customerTexts(notification, language);
    expect(form).toMatchObject({ Action: "Publish", Subject: subject, MessageStructure: "json" });
    const texts = JSON.parse(form["Message"] ?? "") as Record<string, string>;
    expect(texts).toEqual({ default: expect.any(String), email, sms });
    expect(JSON.parse(texts["default"] ?? "")).toEqual(notification);
  });

  it("has what subscriptions filter on", async () => {
    expect(await published("en")).toMatchObject({
      TopicArn: ENVIRONMENT.TOPIC_ARN,
      "MessageAttributes.entry.1.Name": "customerId",
      "MessageAttributes.entry.1.Value.DataType": "String",
      "MessageAttributes.entry.1.Value.StringValue": "customer-1",
      "MessageAttributes.entry.2.Name": "status",
      "MessageAttributes.entry.2.Value.DataType": "String",
      "MessageAttributes.entry.2.Value.StringValue": "COMPLETED",
    });
  });
});

describe("a check that was postponed", () => {
  const due = { orderId: ORDER_ID, shelf: "open-0", checkAt: 1, overdueSince: undefined };

  it("is one where the order was written", async () => {
    const { result } = await withAws({}, () =>
      reconcileOrdersDeps(telemetry).postponeCheck(due, 2),
    );
    expect(result).toBe(true);
  });

  it("is none where the order has moved on", async () => {
    const __type = "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException";
    const { result } = await withAws(
      { __type, message: "The conditional request failed" },
      () => reconcileOrdersDeps(telemetry).postponeCheck(due, 2),
      400,
    );
    expect(result).toBe(false);
  });
});
