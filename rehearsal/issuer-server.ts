import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";

/** Where a closed stack finds its issuer's keys: the laptop's own issuer, which the rehearsal lets fail. */
export interface IssuerServer {
  readonly url: string;
  isDown: boolean;
  /** The laptop's issuer, once it is there. */
  target: string;
  stop(): Promise<void>;
}

export async function startIssuerServer(): Promise<IssuerServer> {
  const server = http.createServer((request, response) => {
    const answer = issuer.isDown
      ? Promise.reject(new Error("down"))
      : fetch(`${issuer.target}${request.url ?? ""}`).then((each) => each.text());
    answer.then(
      (body) => response.end(body),
      () => response.writeHead(503).end(),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer: IssuerServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    isDown: false,
    target: "",
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return issuer;
}
