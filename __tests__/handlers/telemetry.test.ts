import type { Context } from "aws-lambda";
import { observed } from "../../handlers/aws/telemetry";
import { METRICS } from "../../handlers/metrics";
import type { Telemetry } from "../../handlers/telemetry";

const context = {
  awsRequestId: "request-1",
  functionName: "create-order",
  invokedFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:create-order",
  memoryLimitInMB: "512",
} as Context;

let lines: Record<string, unknown>[];

beforeEach(() => {
  lines = [];
  const write = (text: string | Uint8Array) => {
    lines.push(JSON.parse(text.toString()) as Record<string, unknown>);
    return true;
  };
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, "write").mockImplementation(write);
  }
});
afterEach(() => jest.restoreAllMocks());

/** Runs a function once, as a stack's execution environment does. */
async function run(
  handle: (telemetry: Telemetry) => void,
  environment: NodeJS.ProcessEnv = {},
): Promise<void> {
  jest.replaceProperty(process, "env", { ...process.env, STACK: "dev", ...environment });
  const handler = observed((telemetry) => () => {
    handle(telemetry);
    return Promise.resolve();
  });
  await handler(undefined, context);
}

describe("a log entry", () => {
  it("has its fields, and the ids of the invocation, at its top", async () => {
    const _X_AMZN_TRACE_ID = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8";
    await run(({ log }) => log.info("order accepted", { orderId: "a" }), { _X_AMZN_TRACE_ID });
    expect(lines).toEqual([
      expect.objectContaining({
        level: "INFO",
        message: "order accepted",
        orderId: "a",
        function_name: "create-order",
        function_request_id: "request-1",
        xray_trace_id: "1-5759e988-bd862e3fe1be46a994272793",
      }),
    ]);
  });

  it("of an error has its name and message", async () => {
    await run(({ log }) => log.error("it failed", new TypeError("of undefined"), { orderId: "a" }));
    expect(lines[0]).toMatchObject({
      level: "ERROR",
      message: "it failed",
      orderId: "a",
      error: { name: "TypeError", message: "of undefined" },
    });
  });

  it("is as true of what is thrown and no error", async () => {
    await run(({ log }) => log.error("it failed", "a text", {}));
    expect(lines[0]).toMatchObject({ error: { name: "Error", message: "a text" } });
  });

  it("below the level that Lambda is configured with is left out", async () => {
    const handle = ({ log }: Telemetry) => {
      log.info("left out", {});
      log.warn("kept", {});
    };
    await run(handle, { AWS_LAMBDA_LOG_LEVEL: "WARN" });
    expect(lines.map(({ message }) => message)).toEqual(["kept"]);
  });
});

describe("the metrics of an invocation", () => {
  it("are one line with the stack as their only dimension", async () => {
    await run(({ measure }) => {
      measure("OrdersCompleted");
      measure("OrdersCompleted");
      measure("TimeToEnd", 1234);
    });
    expect(lines).toEqual([
      {
        _aws: {
          Timestamp: expect.any(Number),
          CloudWatchMetrics: [
            {
              Namespace: "order-processing",
              Dimensions: [["stack"]],
              Metrics: [
                { Name: "OrdersCompleted", Unit: "Count" },
                { Name: "TimeToEnd", Unit: "Milliseconds" },
              ],
            },
          ],
        },
        stack: "dev",
        OrdersCompleted: [1, 1],
        TimeToEnd: 1234,
      },
    ]);
  });

  it("are no line where nothing was measured", async () => {
    await run(() => undefined);
    expect(lines).toEqual([]);
  });

  it("are written where the handler fails, too", async () => {
    const failing = run(({ measure }) => {
      measure("OverdueOrders", 0);
      throw new Error("failed");
    });
    await expect(failing).rejects.toThrow("failed");
    expect(lines).toEqual([expect.objectContaining({ OverdueOrders: 0 })]);
  });

  it("can all be written", async () => {
    await run(({ measure }) => {
      for (const name of Object.keys(METRICS)) measure(name as keyof typeof METRICS, 7);
    });
    expect(lines[0]).toMatchObject(
      Object.fromEntries(Object.keys(METRICS).map((name) => [name, 7])),
    );
  });
});
