import { startApiGateway } from "../../laptop/apigateway/server";
import { startEmulators } from "../../laptop/endpoint/emulators";
import { startAwsEndpoint } from "../../laptop/endpoint/server";
import { makeTracing } from "../../laptop/traces/tracing";

describe("what listens on the laptop", () => {
  it("listens on 127.0.0.1 only", async () => {
    const onEvent = () => undefined;
    const emulators = await startEmulators("eu-west-1", onEvent);
    const endpoint = await startAwsEndpoint({
      emulate: emulators.emulate,
      onEvent,
      authorise: () => undefined,
      tracing: makeTracing(),
      kill: () => Promise.resolve(),
    });
    const gateway = await startApiGateway({
      port: 0,
      account: { accountId: "", region: "eu-west-1" },
      findFunction: () => undefined,
      mayInvoke: () => false,
      authorizerDenial: () => undefined,
      usagePlans: new Map(),
      tracing: makeTracing(),
      onEvent,
    });
    // Each URL is made of the address that its server is bound to.
    const urls = [endpoint.url, gateway.url];
    await gateway.stop();
    await endpoint.stop();
    await emulators.stop();
    for (const url of urls) expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });
});
