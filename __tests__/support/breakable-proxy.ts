import * as http from "node:http";
import type { AddressInfo } from "node:net";

/** A browser's proxy: what goes through it can be cut, and comes back. */
export async function startBreakableProxy() {
  let isCut = false;
  const lastEventIds: (string | undefined)[] = [];
  const server = http.createServer((request, response) => {
    const { url = "", method, headers } = request;
    if (url.endsWith("/updates")) lastEventIds.push(headers["last-event-id"] as string | undefined);
    const onward = http.request(url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    response.on("close", () => onward.destroy());
    request.pipe(onward);
  });
  server.on("connection", (socket) => {
    if (isCut) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Of each request for the stream of updates. */
    lastEventIds,
    cut() {
      isCut = true;
      server.closeAllConnections();
    },
    mend: () => void (isCut = false),
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
