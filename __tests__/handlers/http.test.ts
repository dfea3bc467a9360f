import { withProblemResponses } from "../../handlers/http";
import { httpEvent } from "../support/http-event";
import { telemetry } from "../support/telemetry";

describe("a 503", () => {
  const retryAfter = async (random?: () => number) => {
    const fail = () => Promise.reject(new Error("throttled"));
    const { headers } = await withProblemResponses(
      { ...telemetry, isRetryable: () => true },
      fail,
      random,
    )(httpEvent());
    return headers?.["Retry-After"];
  };

  it.each([
    [0, "1"],
    [0.19, "1"],
    [0.2, "2"],
    [0.5, "3"],
    [0.999, "5"],
  ])("asks for a retry after 1 to 5 whole seconds: %d gives %s", async (number, seconds) => {
    expect(await retryAfter(() => number)).toBe(seconds);
  });

  it("does not ask all clients for the same moment", async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => retryAfter()));
    expect(new Set(answers).size).toBeGreaterThan(1);
  });
});
