import { connect } from "node:net";
import { startApiGateway } from "../../laptop/apigateway/server";
import { startAwsEndpoint } from "../../laptop/endpoint/server";
import { startEmulators } from "../../laptop/endpoint/emulators";

/** Another address of this machine: only what listens on all of them is found there. */
const ELSEWHERE = "127.0.0.2";

function isOpen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

describe("what listens on the laptop", () => {
  it("listens on 127.0.0.1 only", async () => {
    const onEvent = () => undefined;
    const emulators = await startEmulators("eu-west-1", onEvent);
    const endpoint = await startAwsEndpoint({
      ports: emulators.ports,
      onEvent,
      authorise: () => undefined,
      kill: () => Promise.resolve(),
    });
    const gateway = await startApiGateway({
      port: 0,
      accountId: "",
      findFunction: () => undefined,
      mayInvoke: () => false,
      usagePlans: new Map(),
      onEvent,
    });
    const ports = [
      ...Object.values(emulators.ports),
      Number(new URL(endpoint.url).port),
      Number(new URL(gateway.url).port),
    ];
    for (const port of ports) {
      expect([port, await isOpen("127.0.0.1", port)]).toEqual([port, true]);
      expect([port, await isOpen(ELSEWHERE, port)]).toEqual([port, false]);
    }
    await gateway.stop();
    await endpoint.stop();
    await emulators.stop();
  });
});
