import * as http from "node:http";
import { startLoopbackServer } from "../../laptop/loopback-server";

export type KeysResponse = (response: http.ServerResponse) => void;

/** An issuer's server, which may answer as it likes, and counts how often it was asked. */
export async function startTestIssuer(answer: KeysResponse) {
  const issuer = { answer, requests: 0 };
  const server = http.createServer((_request, response) => {
    issuer.requests += 1;
    issuer.answer(response);
  });
  return Object.assign(issuer, await startLoopbackServer(server, 0));
}

export type TestIssuer = Awaited<ReturnType<typeof startTestIssuer>>;

export function keysResponse(keys: object[]): KeysResponse {
  return (response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ keys }));
  };
}
