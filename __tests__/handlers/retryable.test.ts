import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { clientConfig } from "../../handlers/aws/clients";
import { isRetryable } from "../../handlers/aws/retryable";
import { type Answer, startAnsweringAws } from "../support/answering-aws";

const READ = new GetItemCommand({ TableName: "orders", Key: { orderId: { S: "x" } } });

/** What the handlers' own client throws, and how often it has tried. */
async function errorOf(answer: Answer): Promise<{ error: unknown; tries: number }> {
  const aws = await startAnsweringAws(answer);
  jest.replaceProperty(process, "env", { ...process.env, ...aws.environment });
  const client = new DynamoDBClient(clientConfig(30));
  try {
    const answered = await client.send(READ).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    if (!answered) throw new Error("the call went well");
    return { ...answered, tries: aws.sent.length };
  } finally {
    client.destroy();
    await aws.stop();
  }
}

afterEach(() => jest.restoreAllMocks());

describe("an error of AWS", () => {
  it.each([
    [400, "ThrottlingException", true],
    [400, "ProvisionedThroughputExceededException", true],
    [500, "InternalServerError", true],
    [503, "ServiceUnavailable", true],
    [400, "ResourceNotFoundException", false],
    [400, "AccessDeniedException", false],
    [400, "ValidationException", false],
  ])("%i %s: worth a retry: %p", async (status, type, isWorthIt) => {
    const { error, tries } = await errorOf({ status, body: { __type: type } });
    expect(error).toHaveProperty("name", type);
    expect(isRetryable(error)).toBe(isWorthIt);
    expect(tries).toBe(isWorthIt ? 3 : 1);
  });

  it.each(["never", "headers only"] as const)(
    "is worth a retry when an answer comes %s",
    async (answer) => {
      const startedAt = performance.now();
      const { error, tries } = await errorOf(answer);
      expect(isRetryable(error)).toBe(true);
      expect(tries).toBe(3);
      expect(performance.now() - startedAt).toBeLessThan(20_000);
    },
  );

  it("is worth a retry when the endpoint cannot be reached", () => {
    // Made by hand: the SDK wraps Node's own errors in jest's realm and loses their code.
    const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    expect(isRetryable(refused)).toBe(true);
    expect(isRetryable(new Error("something else"))).toBe(false);
  });
});
