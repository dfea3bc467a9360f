import type { Server } from "node:http";

export interface LoopbackServer {
  url: string;
  /** Closes idle and busy connections alike. */
  stop: () => Promise<void>;
}

/** Lets a server listen on 127.0.0.1, on any free port for 0. Rejects when the port is taken. */
export async function startLoopbackServer(server: Server, port: number): Promise<LoopbackServer> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: urlOf(server),
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function urlOf(server: Server): string {
  const listening = server.address();
  if (typeof listening !== "object" || listening === null) throw new Error("no TCP server");
  return `http://${listening.address}:${listening.port}`;
}
