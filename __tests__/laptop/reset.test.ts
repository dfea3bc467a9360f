import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import * as path from "node:path";
import { text } from "node:stream/consumers";
import { DynamoDBClient, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { startLoopbackServer } from "../../laptop/loopback-server";
import { resetStack } from "../../laptop/reset";
import { createActiveTable } from "../support/active-table";
import { type EmulatedAws, startEmulatedAws } from "../support/emulated-aws";

describe("a reset", () => {
  let aws: EmulatedAws;
  let dynamodb: DynamoDBClient;
  let sqs: SQSClient;

  beforeAll(async () => {
    aws = await startEmulatedAws();
    ({ dynamodb, sqs } = aws);
  });
  afterAll(() => aws.stop());

  it("empties tables of whatever keys, and queues with what is delayed or in flight", async () => {
    const tables = { notes: ["id"], links: ["from", "to"] };
    for (const [TableName, names] of Object.entries(tables)) {
      await createActiveTable(dynamodb, {
        TableName,
        AttributeDefinitions: names.map((name) => ({ AttributeName: name, AttributeType: "S" })),
        KeySchema: names.map((name, i) => ({
          AttributeName: name,
          KeyType: i === 0 ? "HASH" : "RANGE",
        })),
      });
      for (let i = 0; i < 60; i += 1) {
        const Item = Object.fromEntries([...names, "text"].map((name) => [name, { S: `${i}` }]));
        await dynamodb.send(new PutItemCommand({ TableName, Item }));
      }
    }
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "work" }));
    for (const DelaySeconds of [0, 0, 900]) {
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "m", DelaySeconds }));
    }
    await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 1 }));

    expect(await resetStack({ dynamodb, sqs })).toEqual({
      tables: [
        { name: "links", items: 60 },
        { name: "notes", items: 60 },
      ],
      queues: [{ name: "work", messages: 3 }],
    });
    for (const TableName of Object.keys(tables)) {
      expect((await dynamodb.send(new ScanCommand({ TableName }))).Count).toBe(0);
    }
    expect((await resetStack({ dynamodb, sqs })).queues).toEqual([{ name: "work", messages: 0 }]);
  });
});

describe("npm run reset", () => {
  async function run(port: number) {
    const loader = ["--require", "./command-line/register-typescript.cjs"];
    const child = spawn(
      process.execPath,
      [...loader, "laptop/reset-command.ts", "--port", String(port)],
      { cwd: path.join(__dirname, "..", "..") },
    );
    const [stdout, stderr] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close"),
    ]);
    return { exitCode: child.exitCode, stdout, stderr };
  }

  /** In the place of a running stack. */
  async function runAgainst(status: number, response: object) {
    const requests: string[] = [];
    const http = createServer((request, answer) => {
      const { method = "", url = "", headers } = request;
      requests.push(`${method} ${url} ${String(headers["x-laptop-console"])}`);
      answer.writeHead(status).end(JSON.stringify(response));
    });
    const server = await startLoopbackServer(http, 0);
    const result = await run(Number(new URL(server.url).port));
    await server.stop();
    return { ...result, url: server.url, requests };
  }

  it("asks the stack for it, and says what has been deleted", async () => {
    const { requests, ...result } = await runAgainst(200, {
      tables: [{ name: "orders", items: 12 }],
      queues: [{ name: "orders", messages: 3 }],
    });
    expect(requests).toEqual(["POST /_console/api/reset 1"]);
    expect(result).toMatchObject({
      exitCode: 0,
      stdout: "table orders: 12 items deleted\nqueue orders: 3 messages deleted\n",
      stderr: "",
    });
  });

  it("says what it was refused with", async () => {
    const { exitCode, stderr, url } = await runAgainst(403, { message: "Forbidden" });
    expect(exitCode).toBe(1);
    expect(stderr).toBe(`${url} responded with 403: {"message":"Forbidden"}\n`);
  });

  it("says where no stack runs", async () => {
    const server = await startLoopbackServer(createServer(), 0);
    await server.stop();
    const { exitCode, stderr } = await run(Number(new URL(server.url).port));
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      `no laptop stack is at ${server.url}: start one, or name its port with --port\n`,
    );
  });
});
