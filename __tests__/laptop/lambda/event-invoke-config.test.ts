import { retryPolicyOf } from "../../../laptop/lambda/event-invoke-config";
import type { Cloud } from "../../../laptop/cloud";
import type { StackEvent } from "../../../laptop/events";
import { makeResource } from "../../../laptop/resources";

const FUNCTION = "arn:aws:lambda:eu-west-1:000000000000:function:tidy";

async function withConfig(inputs: Record<string, unknown>) {
  const events: StackEvent[] = [];
  const cloud = {
    accountId: "000000000000",
    region: "eu-west-1",
    retryPolicies: new Map(),
    onEvent: (event: StackEvent) => void events.push(event),
  } as unknown as Cloud;
  const type = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";
  await makeResource({ type, name: "once", custom: true, inputs }, cloud);
  return { cloud, events };
}

describe("an event invoke config", () => {
  it.each(["tidy", FUNCTION])("is the function's: %s", async (functionName) => {
    const { cloud } = await withConfig({ functionName, maximumRetryAttempts: 0 });
    expect(retryPolicyOf(FUNCTION, cloud)).toEqual({
      maximumRetryAttempts: 0,
      maximumEventAgeInSeconds: 21_600,
    });
    expect(retryPolicyOf(`${FUNCTION}-up`, cloud).maximumRetryAttempts).toBe(2);
  });

  it.each([
    { maximumRetryAttempts: 3 },
    { maximumRetryAttempts: -1 },
    { maximumEventAgeInSeconds: 59 },
  ])("is refused where Lambda refuses it: %j", async (inputs) => {
    await expect(withConfig({ functionName: "tidy", ...inputs })).rejects.toThrow(
      Object.keys(inputs)[0],
    );
  });

  it.each(["destinationConfig", "qualifier"])("has no %s here, and says so", async (key) => {
    const { events } = await withConfig({ functionName: "tidy", [key]: {} });
    const text = `the event invoke config once has ${key}, which is not emulated on a laptop`;
    expect(events).toEqual([{ kind: "warning", text }]);
  });
});
