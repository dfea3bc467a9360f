import * as http from "node:http";
import { type LoopbackServer, startLoopbackServer } from "../laptop/loopback-server";

/** Where a closed stack finds its issuer's keys: the laptop's own issuer, which the rehearsal lets fail. */
export interface IssuerServer extends LoopbackServer {
  isDown: boolean;
  /** The laptop's issuer, once it is there. */
  target: string;
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
  const issuer: IssuerServer = {
    ...(await startLoopbackServer(server, 0)),
    isDown: false,
    target: "",
  };
  return issuer;
}
