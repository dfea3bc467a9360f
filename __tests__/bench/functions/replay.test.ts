import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { RecordedCall } from "../../../bench/functions/record";
import { atNow, type Replay, startReplay } from "../../../bench/functions/replay";

const HOUR = 3_600_000;
const PUT: RecordedCall = {
  service: "dynamodb",
  action: "PutItem",
  fields: {},
  response: { status: 200, contentType: "application/x-amz-json-1.0", body: "{}" },
};

let replay: Replay;
let client: DynamoDBClient;

beforeEach(async () => {
  replay = await startReplay(Date.now());
  client = new DynamoDBClient({
    endpoint: replay.url,
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
});

afterEach(async () => {
  client.destroy();
  await replay.stop();
});

describe("the replay of recorded calls", () => {
  it("answers them again in each invocation", async () => {
    replay.expect([PUT]);
    const put = new PutItemCommand({ TableName: "orders", Item: { orderId: { S: "1" } } });
    for (const response of [await client.send(put), await client.send(put)]) {
      expect(response.$metadata.httpStatusCode).toBe(200);
    }
    expect(() => replay.check()).not.toThrow();
  });

  it("notices another call", async () => {
    replay.expect([PUT]);
    const get = new GetItemCommand({ TableName: "orders", Key: { orderId: { S: "1" } } });
    await expect(client.send(get)).rejects.toThrow();
    expect(() => replay.check()).toThrow(
      "the call was dynamodb:GetItem, and not dynamodb:PutItem as it was recorded",
    );
  });

  it("moves times to now, and nothing else", () => {
    const recordedAt = Date.now() - HOUR;
    const textAt = (time: number) =>
      JSON.stringify({
        leaseUntil: { N: String(time) },
        createdAt: { S: new Date(time).toISOString() },
        orderId: { S: "745f4072-5005-843a-9268-123456789012" },
      });
    const moved = JSON.parse(atNow(textAt(recordedAt), recordedAt)) as {
      leaseUntil: { N: string };
    };
    const time = Number(moved.leaseUntil.N);
    expect(time).toBeGreaterThanOrEqual(recordedAt + HOUR);
    expect(moved).toEqual(JSON.parse(textAt(time)));
  });
});
