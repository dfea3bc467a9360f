import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type { Emulators } from "./emulators";
import { chooseMessage, NO_DEFAULT_TEXT } from "./message-structure";

export interface AwsEndpoint {
  url: string;
  stop(): Promise<void>;
}

interface Call {
  service: "dynamodb" | "sqs" | "sns";
  action: string;
}

/**
 * The one door to AWS on the laptop: every call of a Lambda child and of an event source comes
 * through here, is named (service and action) and passed on to the emulator that knows it.
 */
export async function startAwsEndpoint(ports: Emulators["ports"]): Promise<AwsEndpoint> {
  const server = http.createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;

  async function handle(request: http.IncomingMessage, response: http.ServerResponse) {
    const received = await buffer(request);
    const call = nameCall(request, received);
    if (!call) {
      response.writeHead(400).end("not a call to DynamoDB, SQS or SNS");
      return;
    }
    const publishes = call.service === "sns" && call.action === "Publish";
    const body = publishes ? chooseMessage(received) : received;
    if (!body) {
      response.writeHead(400, { "content-type": "text/xml" }).end(NO_DEFAULT_TEXT);
      return;
    }
    const emulator = call.service === "dynamodb" ? ports.dynamodb : ports.messaging;
    await forward(emulator, request, body, response);
  }

  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function nameCall({ headers }: http.IncomingMessage, body: Buffer): Call | undefined {
  const [prefix, action] = String(headers["x-amz-target"] ?? "").split(".");
  if (prefix?.startsWith("DynamoDB_") && action) return { service: "dynamodb", action };
  if (prefix === "AmazonSQS" && action) return { service: "sqs", action };
  const form = String(headers["content-type"]).startsWith("application/x-www-form-urlencoded");
  const query = form ? new URLSearchParams(body.toString()).get("Action") : null;
  return query ? { service: "sns", action: query } : undefined;
}

function forward(
  port: number,
  { method, url, headers }: http.IncomingMessage,
  body: Buffer,
  response: http.ServerResponse,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = {
      host: "127.0.0.1",
      port,
      method,
      path: url,
      headers: { ...headers, "content-length": String(body.length) },
    };
    const onward = http.request(options, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      pipeline(answer, response).then(resolve, reject);
    });
    onward.on("error", reject);
    response.on("close", () => onward.destroy());
    onward.end(body);
  });
}
