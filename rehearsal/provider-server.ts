import * as http from "node:http";
import { type LoopbackServer, startLoopbackServer } from "../laptop/loopback-server";

/** What the business step depends on: somebody else's service, which the rehearsal lets fail. */
export interface ProviderServer extends LoopbackServer {
  isDown: boolean;
  /** Before each answer. */
  delayMilliseconds: number;
  /** At this address a request fails until the step is mended. */
  readonly poison: string;
  isPoisonMended: boolean;
}

export async function startProviderServer(): Promise<ProviderServer> {
  const server = http.createServer((request, response) => {
    const isPoisoned = request.url === "/poison" && !provider.isPoisonMended;
    const status = provider.isDown || isPoisoned ? 503 : 200;
    setTimeout(() => response.writeHead(status).end(), provider.delayMilliseconds);
  });
  const { url, stop } = await startLoopbackServer(server, 0);
  const provider: ProviderServer = {
    url,
    stop,
    poison: `${url}/poison`,
    isDown: false,
    delayMilliseconds: 0,
    isPoisonMended: false,
  };
  return provider;
}
