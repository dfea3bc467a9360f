import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { clientConfig } from "../../handlers/aws/clients";

describe("a client of AWS", () => {
  let answer: RequestListener;
  const server = createServer((request, response) => answer(request, response));
  let client: DynamoDBClient;

  beforeAll(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    client = new DynamoDBClient({
      ...clientConfig(2),
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: "eu-west-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
  });
  afterAll(async () => {
    client.destroy();
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });

  it("gives up on a response that stops after its headers and half of its body", async () => {
    let requests = 0;
    answer = (_request, response) => {
      requests += 1;
      response.writeHead(200, { "Content-Length": "100" });
      response.write('{"Item":{"orderId":{"S":"');
    };
    const read = client.send(new GetItemCommand({ TableName: "orders", Key: {} }));
    await expect(read).rejects.toMatchObject({ name: "TimeoutError", $metadata: { attempts: 3 } });
    expect(requests).toBe(3);
  });

  it("keeps calls apart that are made at once, each of which is tried twice", async () => {
    const ids = Array.from({ length: 20 }, (_, n) => `order-${n}`);
    const tried = new Set<string>();
    answer = (request, response) => {
      void text(request).then((body) => {
        const { Key } = JSON.parse(body) as { Key: { orderId: { S: string } } };
        const isFirst = !tried.has(Key.orderId.S);
        tried.add(Key.orderId.S);
        response.writeHead(isFirst ? 500 : 200).end(JSON.stringify({ Item: Key }));
      });
    };
    const read = (id: string) =>
      client.send(new GetItemCommand({ TableName: "orders", Key: { orderId: { S: id } } }));
    const results = await Promise.all(ids.map(read));
    expect(results.map(({ Item }) => Item?.["orderId"]?.S)).toEqual(ids);
    expect(results.map(({ $metadata }) => $metadata.attempts)).toEqual(ids.map(() => 2));
  });
});
