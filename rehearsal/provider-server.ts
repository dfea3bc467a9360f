import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";

/** What the business step depends on: somebody else's service, which the rehearsal lets fail. */
export interface ProviderServer {
  readonly url: string;
  isDown: boolean;
  /** Before each answer. */
  delayMilliseconds: number;
  /** At this address a request fails until the step is mended. */
  readonly poison: string;
  isPoisonMended: boolean;
  stop(): Promise<void>;
}

export async function startProviderServer(): Promise<ProviderServer> {
  const server = http.createServer((request, response) => {
    const isPoisoned = request.url === "/poison" && !provider.isPoisonMended;
    const status = provider.isDown || isPoisoned ? 503 : 200;
    setTimeout(() => response.writeHead(status).end(), provider.delayMilliseconds);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const provider: ProviderServer = {
    url,
    poison: `${url}poison`,
    isDown: false,
    delayMilliseconds: 0,
    isPoisonMended: false,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return provider;
}
