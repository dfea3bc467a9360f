import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import {
  type CreateTableCommandInput,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { createTable } from "../../../laptop/dynamodb/kept-table";
import { startEmulatedAws } from "../../support/emulated-aws";

const data = mkdtempSync(path.join(tmpdir(), "order-processing-data-"));
afterAll(() => rmSync(data, { recursive: true }));

const start = (folder = data) => startEmulatedAws({ data: folder });

/** Runs the emulators on the folder, from a start to a clean stop. */
async function session<T>(work: (sqs: SQSClient, dynamodb: DynamoDBClient) => Promise<T>) {
  const aws = await start();
  try {
    return await work(aws.sqs, aws.dynamodb);
  } finally {
    await aws.stop();
  }
}

const createQueue = async (sqs: SQSClient) =>
  (await sqs.send(new CreateQueueCommand({ QueueName: "q" }))).QueueUrl;

async function receive(sqs: SQSClient, QueueUrl: string | undefined) {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ["All"],
    }),
  );
  return Messages;
}

describe("queues with a folder", () => {
  it("have their messages after a restart, with their receives, and not what was deleted", async () => {
    await session(async (sqs) => {
      const QueueUrl = await createQueue(sqs);
      for (const MessageBody of ["deleted", "in flight", "in flight too"]) {
        await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
      }
      const [first] = await receive(sqs, QueueUrl);
      const { ReceiptHandle } = first ?? {};
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "waiting" }));
      const delayed = { MessageBody: "delayed", DelaySeconds: 900 };
      await sqs.send(new SendMessageCommand({ QueueUrl, ...delayed }));
    });
    const found = await session(async (sqs) => receive(sqs, await createQueue(sqs)));
    expect(
      found.map(({ Body, Attributes }) => [Body, Attributes?.ApproximateReceiveCount]),
    ).toEqual([
      ["in flight", "2"],
      ["in flight too", "2"],
      ["waiting", "1"],
    ]);
  });

  it("are empty after a purge", async () => {
    await session(async (sqs) => {
      const QueueUrl = await createQueue(sqs);
      await sqs.send(new PurgeQueueCommand({ QueueUrl }));
    });
    expect(await session(async (sqs) => receive(sqs, await createQueue(sqs)))).toEqual([]);
  });
});

describe("tables with a folder", () => {
  const table = (name: string, ...indexes: string[]): CreateTableCommandInput => ({
    TableName: "kept",
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: [{ AttributeName: name, KeyType: "HASH" }],
    AttributeDefinitions: [name, ...indexes].map((each) => ({
      AttributeName: each,
      AttributeType: "S",
    })),
    ...(indexes.length > 0 && {
      GlobalSecondaryIndexes: indexes.map((each) => ({
        IndexName: each,
        KeySchema: [{ AttributeName: each, KeyType: "HASH" }],
        Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["a", "b"] },
      })),
    }),
  });
  const Item = { id: { S: "1" }, shelf: { S: "open" } };

  it("have their items after a restart, where their keys and indexes are the same", async () => {
    await session(async (_sqs, dynamodb) => {
      await createTable(dynamodb, table("id", "shelf"));
      await dynamodb.send(new PutItemCommand({ TableName: "kept", Item }));
    });
    await session(async (_sqs, dynamodb) => {
      await createTable(dynamodb, table("id", "shelf"));
      const Key = { id: { S: "1" } };
      const found = await dynamodb.send(new GetItemCommand({ TableName: "kept", Key }));
      expect(found.Item).toEqual(Item);
      for (const other of [table("key", "shelf"), table("id"), table("id", "customer")]) {
        await expect(createTable(dynamodb, other)).rejects.toThrow(
          "the table kept that --data has kept has other keys or indexes than the program's",
        );
      }
    });
  });
});

describe("a folder that cannot be taken", () => {
  it("is refused while it is in use", async () => {
    await session(async () => {
      await expect(start()).rejects.toThrow(
        `--data ${data}: it is the folder of a laptop stack that runs`,
      );
    });
  });

  it("is refused where it is a file", async () => {
    const file = path.join(data, "file");
    writeFileSync(file, "");
    await expect(start(file)).rejects.toThrow(`--data ${file}: it cannot be opened: `);
  });
});
