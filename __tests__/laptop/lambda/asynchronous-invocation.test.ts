import {
  DEFAULT_RETRY_POLICY,
  invokeAsynchronously,
} from "../../../laptop/lambda/asynchronous-invocation";
import type { LambdaFunction } from "../../../laptop/lambda/execution-environments";

/** A function that fails so often, each time after so many seconds. */
function failing(times: number, seconds = 1) {
  let time = 0;
  let invocations = 0;
  const invoke = () => {
    time += seconds * 1000;
    invocations += 1;
    return Promise.resolve(
      invocations > times ? { ok: true, json: "1" } : { ok: false, error: `no ${invocations}` },
    );
  };
  const target = { invoke } as unknown as LambdaFunction;
  const run = async (policy: object = {}) => {
    const merged = { ...DEFAULT_RETRY_POLICY, ...policy };
    const answer = await invokeAsynchronously(
      target,
      {},
      { source: "topic:t" },
      merged,
      () => time,
    );
    return { answer, invocations };
  };
  return run;
}

describe("an asynchronous invocation", () => {
  it.each([
    ["twice by default", 9, {}, 3, "no 3"],
    ["once", 9, { maximumRetryAttempts: 1 }, 2, "no 2"],
    ["not at all", 9, { maximumRetryAttempts: 0 }, 1, "no 1"],
  ])("is tried again %s", async (_name, times, policy, invocations, error) => {
    expect(await failing(times)(policy)).toEqual({ answer: { ok: false, error }, invocations });
  });

  it("is not tried again once the function has taken it", async () => {
    expect(await failing(0)()).toEqual({ answer: { ok: true, json: "1" }, invocations: 1 });
    expect(await failing(1)()).toEqual({ answer: { ok: true, json: "1" }, invocations: 2 });
  });

  it("is not tried again when the event has become too old", async () => {
    const { invocations } = await failing(9, 61)({ maximumEventAgeInSeconds: 60 });
    expect(invocations).toBe(1);
  });
});
