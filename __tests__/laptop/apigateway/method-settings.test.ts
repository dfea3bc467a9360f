import { methodSettingsProvider } from "../../../laptop/apigateway/method-settings";

function create(settings: Record<string, unknown>) {
  const throttles: unknown[] = [];
  const warnings: string[] = [];
  const provider = methodSettingsProvider({
    setThrottle: (...throttle) => void throttles.push(throttle),
  });
  const inputs = { restApi: "api", stageName: "dev", methodPath: "orders/POST", settings };
  const type = "aws:apigateway/methodSettings:MethodSettings";
  void provider.create(
    { type, name: "x", custom: true, inputs },
    (text) => void warnings.push(text),
  );
  return { throttles, warnings };
}

describe("method settings", () => {
  it.each([
    [
      { throttlingRateLimit: 2, throttlingBurstLimit: 3 },
      { rate: 2, burst: 3 },
    ],
    [{ throttlingRateLimit: 2 }, { rate: 2, burst: 5_000 }],
    [
      { throttlingRateLimit: -1, throttlingBurstLimit: 0 },
      { rate: 10_000, burst: 0 },
    ],
    [
      { metricsEnabled: true, loggingLevel: "INFO" },
      { rate: 10_000, burst: 5_000 },
    ],
  ])("of %j throttle the method", (settings, limits) => {
    expect(create(settings)).toEqual({
      throttles: [["dev", "orders/POST", limits]],
      warnings: [],
    });
  });

  it("stop the start where they ask for a cache", () => {
    expect(() => create({ cachingEnabled: true })).toThrow(
      'method settings "x": settings.cachingEnabled is not emulated',
    );
  });
});
