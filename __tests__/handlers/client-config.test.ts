import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { clientConfig } from "../../handlers/aws/clients";

describe("a client of AWS", () => {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    response.writeHead(200, { "Content-Length": "100" });
    response.write('{"Item":{"orderId":{"S":"');
  });

  beforeAll(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });

  it("gives up on a response that stops after its headers and half of its body", async () => {
    const client = new DynamoDBClient({
      ...clientConfig(2),
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: "eu-west-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    const read = client.send(new GetItemCommand({ TableName: "orders", Key: {} }));
    await expect(read).rejects.toMatchObject({ name: "TimeoutError", $metadata: { attempts: 3 } });
    expect(requests).toBe(3);
    client.destroy();
  });
});
