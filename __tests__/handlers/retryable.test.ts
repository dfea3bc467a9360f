import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { clientConfig } from "../../handlers/aws/clients";
import { isRetryable } from "../../handlers/aws/retryable";
import { type Answer, startAnsweringAws } from "../support/answering-aws";

const READ = new GetItemCommand({ TableName: "orders", Key: { orderId: { S: "x" } } });

interface Failure {
  error: unknown;
  tries: number;
  milliseconds: number;
}

/** What a client with the handlers' own config throws, and after how many tries. */
async function failureOf(answer: Answer): Promise<Failure> {
  const aws = await startAnsweringAws(answer);
  const { AWS_ENDPOINT_URL: endpoint, AWS_REGION: region } = aws.environment;
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const client = new DynamoDBClient({ ...clientConfig(30), endpoint, region, credentials });
  const startedAt = performance.now();
  try {
    const answered = await client.send(READ).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    if (!answered) throw new Error("the call went well");
    return {
      ...answered,
      tries: aws.sent.length,
      milliseconds: performance.now() - startedAt,
    };
  } finally {
    client.destroy();
    await aws.stop();
  }
}

const ERRORS: [number, string, boolean][] = [
  [400, "ThrottlingException", true],
  [400, "ProvisionedThroughputExceededException", true],
  [500, "InternalServerError", true],
  [503, "ServiceUnavailable", true],
  [400, "ResourceNotFoundException", false],
  [400, "AccessDeniedException", false],
  [400, "ValidationException", false],
];
const STALLS = ["never", "headers only"] as const;

describe("an error of AWS", () => {
  let failures: Map<string, Failure>;

  // Each waits between its tries: all at the same time.
  beforeAll(async () => {
    const answers: [string, Answer][] = [
      ...ERRORS.map(([status, type]): [string, Answer] => [
        type,
        { status, body: { __type: type } },
      ]),
      ...STALLS.map((answer): [string, Answer] => [answer, answer]),
    ];
    failures = new Map(
      await Promise.all(
        answers.map(async ([name, answer]) => [name, await failureOf(answer)] as const),
      ),
    );
  });

  it.each(ERRORS)("%i %s: worth a retry: %p", (_status, type, isWorthIt) => {
    const failure = failures.get(type);
    expect(failure?.error).toHaveProperty("name", type);
    expect(isRetryable(failure?.error)).toBe(isWorthIt);
    expect(failure?.tries).toBe(isWorthIt ? 3 : 1);
  });

  it.each(STALLS)("is worth a retry when an answer comes %s", (answer) => {
    const failure = failures.get(answer);
    expect(isRetryable(failure?.error)).toBe(true);
    expect(failure?.tries).toBe(3);
    expect(failure?.milliseconds).toBeLessThan(20_000);
  });

  it("is worth a retry when the endpoint cannot be reached", () => {
    // Made by hand: the SDK wraps Node's own errors in jest's realm and loses their code.
    const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    expect(isRetryable(refused)).toBe(true);
    expect(isRetryable(new Error("something else"))).toBe(false);
  });
});
