import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** What AWS answers to every call. */
export type Answer =
  | { status: number; body: object | string }
  /** Not at all, or with headers and no more. */
  | "never"
  | "headers only";

export interface Sent {
  /** Of DynamoDB and SQS, as `AmazonSQS.SendMessage`. */
  target: string | undefined;
  body: string;
}

/** Environment in which the handlers' own clients find a server that gives one answer to every call. */
export async function startAnsweringAws(answer: Answer) {
  const sent: Sent[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      sent.push({ target: request.headers["x-amz-target"]?.toString(), body });
      give(response, answer);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    /** In turn, retries included. */
    sent,
    environment: {
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_REGION: "eu-west-1",
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function give(response: ServerResponse, answer: Answer): void {
  if (answer === "never") return;
  if (answer === "headers only") {
    response.writeHead(200, { "content-length": "1000" }).flushHeaders();
    return;
  }
  const { status, body } = answer;
  response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
}
